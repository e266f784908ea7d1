// Depthwise convolutions, one plane after the other.
#pragma once
#include "normalisation.h"
#include "sweep.h"

template <int COLUMNS, Write WRITE>
INLINE void depthwise_tile(const float* input, const Taps& taps, const float* weight, long step, float* to,
                           long out_column, const float* gate) {
    Floats sum[COLUMNS];
    UNROLL
    for (int p = 0; p < COLUMNS; p++) sum[p] = Floats{};
    for (int t = 0; t < taps.count; t++) {
        const float *from = input + taps.offset[t], factor = weight[taps.element[t]];
        UNROLL
        for (int p = 0; p < COLUMNS; p++) sum[p] += load(from + p * step) * factor;
    }
    UNROLL
    for (int p = 0; p < COLUMNS; p++) {
        Floats value = sum[p];
        if (WRITE != STORE && gate) value = gated(load(gate + p * out_column), value);
        if (WRITE == GRADIENT_SUM) value += load(to + p * out_column);
        store(to + p * out_column, value);
    }
}

// One plane; the sweep's channels, and what it says about packed weights and sums, do not matter here.
template <Write WRITE>
static void depthwise_plane(const Sweep& s, long images) {
    for (int row = 0; row < s.rows; row++)
        for (long image = 0; image < images; image += LANES) {
            const float* input = s.input + row * s.row_step * s.row + image;
            float* to = s.output + row * s.out_row + image;
            const float* gate = s.gate ? s.gate + row * s.out_row + image : nullptr;
            int c = 0;
#define DEPTHWISE_TILE(COLUMNS)                                                                                        \
    depthwise_tile<COLUMNS, WRITE>(input + c * s.column_step, s.taps, s.weights, s.column_step, to + c * s.out_column, \
                                   s.out_column, gate ? gate + c * s.out_column : nullptr)
            for (; c + 8 <= s.columns; c += 8) DEPTHWISE_TILE(8);
            for (; c + 4 <= s.columns; c += 4) DEPTHWISE_TILE(4);
            for (; c < s.columns; c++) DEPTHWISE_TILE(1);
#undef DEPTHWISE_TILE
        }
}

static void depthwise(const Operation& o, const Workspace& w) {
    const long images = w.images, columns = o.columns_in + 2 * o.padding[1];
    const Taps taps = forward_taps(o, images);
    for (int c = 0; c < o.channels_in; c++) {
        pad_input(o, o.x + c * pixels_in(o) * images, 1, w);
        depthwise_plane<STORE>({w.padded, 0, columns * images, o.stride[1] * images, o.stride[0], taps, 1,
                                o.weight + c * taps.count, o.rows_out, o.columns_out, o.z + c * pixels_out(o) * images,
                                0, o.columns_out * images, images, nullptr, nullptr},
                               images);
    }
    if (o.bias) add_bias(o, images);
}

template <int TAPS>
INLINE void depthwise_weights(const float* gradient, long row, const float* input, long input_row, long step,
                              const long* offset, int rows, int columns, long images, float* to) {
    Floats sum[TAPS];
    UNROLL
    for (int t = 0; t < TAPS; t++) sum[t] = Floats{};
    for (int r = 0; r < rows; r++)
        for (long image = 0; image < images; image += LANES) {
            const float *from = input + r * input_row + image, *of_output = gradient + r * row + image;
            for (int p = 0; p < columns; p++, of_output += images, from += step) {
                Floats value = load(of_output);
                UNROLL
                for (int t = 0; t < TAPS; t++) sum[t] += load(from + offset[t]) * value;
            }
        }
    for (int t = 0; t < TAPS; t++) to[t] = total(sum[t]);
}

static void depthwise_back(const Operation& o, const Workspace& w) {
    const long images = w.images;
    const Margin m = backward_margin(o);
    const Taps taps = forward_taps(o, images);
    const long columns = o.columns_in + 2 * o.padding[1], row = (o.columns_out + m.left + m.right) * images;
    if (o.bias && o.dbias) bias_gradient(o, images);
    for (int c = 0; c < o.channels_in; c++) {
        const float* x = o.x + c * pixels_in(o) * images;
        pad<false>(o.dy + c * pixels_out(o) * images, 1, o.rows_out, o.columns_out, m, images, w.gradient);
        if (o.dweight) {
            pad_input(o, x, 1, w);
            float* to = o.dweight + c * taps.count;
            const float* first = w.gradient + m.above * row + m.left * images;
            int t = 0;
#define DEPTHWISE_WEIGHTS(TAPS)                                                                         \
    depthwise_weights<TAPS>(first, row, w.padded, columns * images * o.stride[0], o.stride[1] * images, \
                            taps.offset + t, o.rows_out, o.columns_out, images, to + t),                \
        t += TAPS
            while (t < taps.count) {
                if (taps.count - t >= 9 && taps.count % 9 == 0)
                    DEPTHWISE_WEIGHTS(9);
                else if (taps.count - t >= 7 && taps.count % 7 == 0)
                    DEPTHWISE_WEIGHTS(7);
                else if (taps.count - t >= 5 && taps.count % 5 == 0)
                    DEPTHWISE_WEIGHTS(5);
                else if (taps.count - t >= 3)
                    DEPTHWISE_WEIGHTS(3);
                else
                    DEPTHWISE_WEIGHTS(1);
            }
#undef DEPTHWISE_WEIGHTS
        }
        if (!o.dx) continue;
        for (int down = 0; down < o.stride[0] && down < o.rows_in; down++)
            for (int right = 0; right < o.stride[1] && right < o.columns_in; right++) {
                const Taps back = backward_taps(o, down, right, m, images);
                const long at = ((long)down * o.columns_in + right) * images;
                Sweep s = {w.gradient,
                           0,
                           row,
                           images,
                           1,
                           back,
                           1,
                           o.weight + c * taps.count,
                           (o.rows_in - down + o.stride[0] - 1) / o.stride[0],
                           (o.columns_in - right + o.stride[1] - 1) / o.stride[1],
                           o.dx + c * pixels_in(o) * images + at,
                           0,
                           o.columns_in * images * o.stride[0],
                           images * o.stride[1],
                           o.rectified_input ? x + at : nullptr,
                           nullptr};
                if (o.adds_gradient)
                    depthwise_plane<GRADIENT_SUM>(s, images);
                else
                    depthwise_plane<GRADIENT>(s, images);
            }
    }
}
