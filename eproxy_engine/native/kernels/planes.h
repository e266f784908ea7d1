// Operations on planes: pooling, resizing, windows, rectifiers, copies.
#pragma once
#include "vectors.h"

// --- pooling: padding is neither counted nor the largest

struct Window {
    int top, left, rows, columns;
};  // what of a window lies inside the input

INLINE Window window_at(const Operation& o, int row, int column, int& first_row, int& first_column) {
    int top = row * o.stride[0] - o.padding[0], left = column * o.stride[1] - o.padding[1];
    first_row = top < 0 ? -top : 0;
    first_column = left < 0 ? -left : 0;
    int last_row = top + o.kernel[0] > o.rows_in ? o.rows_in - top : o.kernel[0];
    int last_column = left + o.kernel[1] > o.columns_in ? o.columns_in - left : o.kernel[1];
    return {top + first_row, left + first_column, last_row - first_row, last_column - first_column};
}

// The mean of a window. WIDTH: of its rows and columns, or 0 if it has any other number.
template <int WIDTH>
INLINE Floats mean_of(const float* corner, const Window& in, long row, long images) {
    const int rows = WIDTH ? WIDTH : in.rows, columns = WIDTH ? WIDTH : in.columns;
    Floats sum = {};
    for (int a = 0; a < rows; a++)
        for (int b = 0; b < columns; b++) sum += load(corner + a * row + b * images);
    return sum * (1.0f / (rows * columns));
}

// The largest value of a window, and which element that is; `first` is the number of the one in the corner.
template <int WIDTH>
INLINE Floats largest_of(const float* corner, const Window& in, long row, long images, int first, int kernel,
                         Integers& winner) {
    const int rows = WIDTH ? WIDTH : in.rows, columns = WIDTH ? WIDTH : in.columns;
    Floats value = load(corner);
    winner = Integers{} + first;
    for (int a = 0; a < rows; a++)
        for (int b = 0; b < columns; b++) {
            const Floats other = load(corner + a * row + b * images);
            const Integers larger = (other > value) | (other != other);  // NaN wins, as in torch
            value = larger ? other : value;
            winner = larger ? Integers{} + (first + a * kernel + b) : winner;
        }
    return value;
}

static void pool(const Operation& o, const Workspace& w) {
    const long images = w.images, line = o.columns_in * images;
    long at = 0;
    for (int c = 0; c < o.channels_in; c++) {
        const float* x = o.x + c * pixels_in(o) * images;
        for (int row = 0; row < o.rows_out; row++)
            for (int column = 0; column < o.columns_out; column++)
                for (long image = 0; image < images; image += LANES, at += LANES) {
                    int first_row, first_column;
                    const Window in = window_at(o, row, column, first_row, first_column);
                    const float* corner = x + in.top * line + in.left * images + image;
                    const bool whole = in.rows == 3 && in.columns == 3;
                    const int first = first_row * o.kernel[1] + first_column;
                    Floats value;
                    Integers winner;
                    if (o.mode == MEAN)
                        value = whole ? mean_of<3>(corner, in, line, images) : mean_of<0>(corner, in, line, images);
                    else if (whole)
                        value = largest_of<3>(corner, in, line, images, first, o.kernel[1], winner);
                    else
                        value = largest_of<0>(corner, in, line, images, first, o.kernel[1], winner);
                    if (o.mode == MAXIMUM) *(Bytes*)(o.winners + at) = __builtin_convertvector(winner, Bytes);
                    if (o.adds_output) value += load(o.y + at);
                    store(o.y + at, value);
                }
    }
}

// Add the gradient of a window to those of its inputs, or to that of the largest.
template <int WIDTH, int MODE>
INLINE void share_gradient(Floats gradient, Integers winner, float* corner, const Window& in, long row, long images,
                           int first, int kernel) {
    const int rows = WIDTH ? WIDTH : in.rows, columns = WIDTH ? WIDTH : in.columns;
    const Floats zero = {};
    if (MODE == MEAN) gradient *= 1.0f / (rows * columns);
    for (int a = 0; a < rows; a++)
        for (int b = 0; b < columns; b++) {
            float* to = corner + a * row + b * images;
            const Integers won = winner == Integers{} + (first + a * kernel + b);
            store(to, load(to) + (MODE == MEAN ? gradient : won ? gradient : zero));
        }
}

template <int MODE>
static void pool_back_as(const Operation& o, const Workspace& w) {
    const long images = w.images, line = o.columns_in * images;
    long at = 0;
    if (!o.adds_gradient) clear(o.dx, o.channels_in * pixels_in(o) * images);
    for (int c = 0; c < o.channels_in; c++) {
        float* dx = o.dx + c * pixels_in(o) * images;
        for (int row = 0; row < o.rows_out; row++)
            for (int column = 0; column < o.columns_out; column++)
                for (long image = 0; image < images; image += LANES, at += LANES) {
                    int first_row, first_column;
                    const Window in = window_at(o, row, column, first_row, first_column);
                    float* corner = dx + in.top * line + in.left * images + image;
                    const Floats gradient = load(o.dy + at);
                    const int first = first_row * o.kernel[1] + first_column, kernel = o.kernel[1];
                    Integers winner = {};
                    if (MODE == MAXIMUM) winner = __builtin_convertvector(*(Bytes*)(o.winners + at), Integers);
                    if (in.rows == 3 && in.columns == 3)
                        share_gradient<3, MODE>(gradient, winner, corner, in, line, images, first, kernel);
                    else
                        share_gradient<0, MODE>(gradient, winner, corner, in, line, images, first, kernel);
                }
    }
}

static void pool_back(const Operation& o, const Workspace& w) {
    if (o.mode == MEAN)
        pool_back_as<MEAN>(o, w);
    else
        pool_back_as<MAXIMUM>(o, w);
}

// --- resizing

// The two inputs of an output along one side, and the weight of the second.
INLINE void sources(int mode, int place, int in, int out, int& first, int& second, float& weight) {
    const float scale = (float)in / out;
    if (mode == NEAREST) {
        first = (int)(place * scale);
        if (first > in - 1) first = in - 1;
        second = first;
        weight = 0;
        return;
    }
    float at = scale * (place + 0.5f) - 0.5f;
    if (at < 0) at = 0;
    first = (int)at;
    second = first < in - 1 ? first + 1 : first;
    weight = at - first;
}

static void resize(const Operation& o, const Workspace& w) {
    const long images = w.images;
    float* y = o.y;
    for (int c = 0; c < o.channels_in; c++) {
        const float* x = o.x + c * pixels_in(o) * images;
        for (int row = 0; row < o.rows_out; row++)
            for (int column = 0; column < o.columns_out; column++) {
                int top, bottom, left, right;
                float down, across;
                sources(o.mode, row, o.rows_in, o.rows_out, top, bottom, down);
                sources(o.mode, column, o.columns_in, o.columns_out, left, right, across);
                const float *above = x + (long)top * o.columns_in * images,
                            *below = x + (long)bottom * o.columns_in * images;
                for (long i = 0; i < images; i += LANES, y += LANES) {
                    Floats value = load(above + left * images + i);
                    if (o.mode == BILINEAR)
                        value = (value * (1 - across) + load(above + right * images + i) * across) * (1 - down) +
                                (load(below + left * images + i) * (1 - across) +
                                 load(below + right * images + i) * across) *
                                    down;
                    store(y, o.adds_output ? load(y) + value : value);
                }
            }
    }
}

static void resize_back(const Operation& o, const Workspace& w) {
    const long images = w.images;
    const float* dy = o.dy;
    if (!o.adds_gradient) clear(o.dx, o.channels_in * pixels_in(o) * images);
    for (int c = 0; c < o.channels_in; c++) {
        float* dx = o.dx + c * pixels_in(o) * images;
        for (int row = 0; row < o.rows_out; row++)
            for (int column = 0; column < o.columns_out; column++) {
                int place[2][2];
                float share[2][2];
                sources(o.mode, row, o.rows_in, o.rows_out, place[0][0], place[0][1], share[0][1]);
                sources(o.mode, column, o.columns_in, o.columns_out, place[1][0], place[1][1], share[1][1]);
                share[0][0] = 1 - share[0][1];
                share[1][0] = 1 - share[1][1];
                for (long i = 0; i < images; i += LANES, dy += LANES)
                    for (int a = 0; a < 2; a++)
                        for (int b = 0; b < 2; b++) {
                            const float weight = share[0][a] * share[1][b];
                            if (weight == 0) continue;
                            float* to = dx + ((long)place[0][a] * o.columns_in + place[1][b]) * images + i;
                            store(to, load(to) + load(dy) * weight);
                        }
            }
    }
}

// --- windows: y[row][column] = x[row * stride + offset][column * stride + offset], or 0 outside

template <bool BACK>
static void move_window(const Operation& o, const Workspace& w) {
    const long images = w.images, pixels = BACK ? pixels_in(o) : pixels_out(o);
    if (!(BACK ? o.adds_gradient : o.adds_output)) clear(BACK ? o.dx : o.y, o.channels_in * pixels * images);
    for (int c = 0; c < o.channels_in; c++)
        for (int row = 0; row < o.rows_out; row++)
            for (int column = 0; column < o.columns_out; column++) {
                const int from_row = row * o.stride[0] + o.offset[0], from_column = column * o.stride[1] + o.offset[1];
                if (from_row < 0 || from_row >= o.rows_in || from_column < 0 || from_column >= o.columns_in) continue;
                const long in = (c * pixels_in(o) + (long)from_row * o.columns_in + from_column) * images;
                const long out = (c * pixels_out(o) + (long)row * o.columns_out + column) * images;
                const float* source = BACK ? o.dy + out : o.x + in;
                float* to = BACK ? o.dx + in : o.y + out;
                for (long i = 0; i < images; i += LANES) store(to + i, load(to + i) + load(source + i));
            }
}

// --- one value after the other

static void rectify(const Operation& o, const Workspace& w) {
    const long count = o.channels_in * pixels_in(o) * w.images;
    for (long i = 0; i < count; i += LANES) {
        Floats value = rectified(load(o.x + i));
        store(o.y + i, o.adds_output ? load(o.y + i) + value : value);
    }
}

static void rectify_back(const Operation& o, const Workspace& w) {
    const long count = o.channels_in * pixels_in(o) * w.images;
    for (long i = 0; i < count; i += LANES) {
        Floats gradient = gated(load(o.x + i), load(o.dy + i));
        store(o.dx + i, o.adds_gradient ? load(o.dx + i) + gradient : gradient);
    }
}

static void copy(const float* from, float* to, long count, bool adds) {
    for (long i = 0; i < count; i += LANES) store(to + i, adds ? load(to + i) + load(from + i) : load(from + i));
}
