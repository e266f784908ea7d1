// Which inputs an output of a convolution reads, forward and backward.
#pragma once
#include "vectors.h"

enum { MOST_TAPS = 64 };  // elements of a kernel; trace.py refuses larger ones

struct Taps {
    int count = 0;
    long offset[MOST_TAPS];  // floats from the first input of an output to the one of this element
    int element[MOST_TAPS];  // of the kernel
};

// Division rounded down.
INLINE int floor_divided(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

// Forward: all elements, on the padded input.
INLINE Taps forward_taps(const Operation& o, long images) {
    Taps taps;
    long row = (o.columns_in + 2 * o.padding[1]) * images;
    for (int a = 0; a < o.kernel[0]; a++)
        for (int b = 0; b < o.kernel[1]; b++) {
            taps.offset[taps.count] = a * o.dilation[0] * row + b * o.dilation[1] * images;
            taps.element[taps.count] = taps.count;
            taps.count++;
        }
    return taps;
}

// Backward: the elements that lead to inputs at rows `first + stride * i` and columns likewise, on the gradient of the
// output with its margin.
INLINE Taps backward_taps(const Operation& o, int first_row, int first_column, Margin m, long images) {
    Taps taps;
    long row = (o.columns_out + m.left + m.right) * images;
    for (int a = 0; a < o.kernel[0]; a++) {
        int down = first_row + o.padding[0] - a * o.dilation[0];
        if (down % o.stride[0]) continue;
        for (int b = 0; b < o.kernel[1]; b++) {
            int right = first_column + o.padding[1] - b * o.dilation[1];
            if (right % o.stride[1]) continue;
            long rows = floor_divided(down, o.stride[0]) + m.above,
                 columns = floor_divided(right, o.stride[1]) + m.left;
            taps.offset[taps.count] = rows * row + columns * images;
            taps.element[taps.count++] = a * o.kernel[1] + b;
        }
    }
    return taps;
}

// How far backward taps reach beyond the output, before and after it, along one side.
INLINE void reach(int in, int out, int kernel, int stride, int padding, int dilation, int& before, int& after) {
    before = after = 0;
    for (int first = 0; first < stride && first < in; first++) {
        int last = (in - first + stride - 1) / stride - 1;
        for (int k = 0; k < kernel; k++) {
            int moved = first + padding - k * dilation;
            if (moved % stride) continue;
            int low = floor_divided(moved, stride), high = low + last;
            if (-low > before) before = -low;
            if (high - (out - 1) > after) after = high - (out - 1);
        }
    }
}

INLINE Margin backward_margin(const Operation& o) {
    Margin m;
    reach(o.rows_in, o.rows_out, o.kernel[0], o.stride[0], o.padding[0], o.dilation[0], m.above, m.below);
    reach(o.columns_in, o.columns_out, o.kernel[1], o.stride[1], o.padding[1], o.dilation[1], m.left, m.right);
    return m;
}
