// The gradient of the weights of a convolution.
//
// A tile of weights (some outputs by some inputs) stays in registers while many pixels and images are summed up.
#pragma once
#include "sweep.h"

#if LANES == 16  // 32 registers
enum { GRADIENT_CHANNELS = 4, GRADIENT_INPUTS = 6 };
#else  // 16 registers
enum { GRADIENT_CHANNELS = 2, GRADIENT_INPUTS = 5 };
#endif

// Add the gradient of some outputs' weights for some inputs, where an input is a channel and a tap.
template <int OUTPUTS, int INPUTS>
INLINE void weight_tile(const float* gradient, long channel, long row, const float* const* place, long input_row,
                        long step, int rows, int columns, float* to, long output_step, long images) {
    Floats sum[OUTPUTS * INPUTS];
    UNROLL
    for (int k = 0; k < OUTPUTS * INPUTS; k++) sum[k] = Floats{};
    for (long image = 0; image < images; image += LANES)
        for (int r = 0; r < rows; r++) {
            const float* from = gradient + r * row + image;
            long at = r * input_row + image;
            for (int p = 0; p < columns; p++, from += images, at += step) {
                Floats value[OUTPUTS];
                UNROLL
                for (int c = 0; c < OUTPUTS; c++) value[c] = load(from + c * channel);
                UNROLL
                for (int j = 0; j < INPUTS; j++) {
                    Floats input = load(place[j] + at);
                    UNROLL
                    for (int c = 0; c < OUTPUTS; c++) sum[c * INPUTS + j] += value[c] * input;
                }
            }
        }
    float found[OUTPUTS * INPUTS];
    totals<OUTPUTS * INPUTS>(sum, found);
    UNROLL
    for (int c = 0; c < OUTPUTS; c++) {
        UNROLL
        for (int j = 0; j < INPUTS; j++) to[c * output_step + j] += found[c * INPUTS + j];
    }
}

template <int OUTPUTS>
static void weight_row(const float* gradient, long channel, long row, const float* const* place, int inputs,
                       long input_row, long step, int rows, int columns, float* to, long images) {
    int j = 0;
#define WEIGHT_TILE(INPUTS)                                                                                     \
    weight_tile<OUTPUTS, INPUTS>(gradient, channel, row, place + j, input_row, step, rows, columns, to + j, inputs, \
                                 images)
    for (; j + GRADIENT_INPUTS <= inputs; j += GRADIENT_INPUTS) WEIGHT_TILE(GRADIENT_INPUTS);
    if (inputs - j >= 4) WEIGHT_TILE(4), j += 4;
    if (inputs - j >= 2) WEIGHT_TILE(2), j += 2;
    if (j < inputs) WEIGHT_TILE(1);
#undef WEIGHT_TILE
}

// Add to the gradients [output][input] what some rows give. `place`: where each input of the first output lies.
static void weight_rows(const float* gradient, long channel, long row, const float* const* place, int inputs,
                        int outputs, long input_row, long step, int rows, int columns, float* to, long images) {
    int c = 0;
#define WEIGHT_ROW(OUTPUTS)                                                                                         \
    weight_row<OUTPUTS>(gradient + c * channel, channel, row, place, inputs, input_row, step, rows, columns,        \
                        to + (long)c * inputs, images)
    for (; c + GRADIENT_CHANNELS <= outputs; c += GRADIENT_CHANNELS) WEIGHT_ROW(GRADIENT_CHANNELS);
    for (; c + 2 <= outputs; c += 2) WEIGHT_ROW(2);
    if (c < outputs) WEIGHT_ROW(1);
#undef WEIGHT_ROW
}

// `input`: the first input of the first output; `gradient`: that of the first output.
static void weight_gradient(const float* gradient, long channel, long row, const float* input, long input_channel,
                            long input_row, long step, int row_step, const Taps& taps, int inputs, int outputs,
                            int rows, int columns, float* to, const Workspace& w) {
    const int pairs = inputs * taps.count;
    int together = MERGED / columns;  // rows at a time, so that they stay in the cache
    if (together < 1) together = 1;
    for (long i = 0; i < (long)outputs * pairs; i++) to[i] = 0;
    for (int done = 0; done < rows; done += together) {
        int now = rows - done < together ? rows - done : together;
        for (int i = 0; i < inputs; i++)
            for (int t = 0; t < taps.count; t++)
                w.places[i * taps.count + t] =
                    input + i * input_channel + taps.offset[t] + (long)done * row_step * input_row;
        weight_rows(gradient + done * row, channel, row, w.places, pairs, outputs, input_row * row_step, step, now,
                    columns, to, w.images);
    }
}
