// Sums over inputs and taps for many outputs at once: convolutions, and the gradients of their inputs.
//
// One tile of outputs (some channels by some columns) stays in registers while all inputs and taps are summed up.
#pragma once
#include "taps.h"

#if LANES == 16  // 32 registers
enum { WIDE = 8, WIDE_COLUMNS = 3, FOUR_COLUMNS = 4, TWO_COLUMNS = 4, ONE_COLUMNS = 4 };
#else  // 16 registers
enum { WIDE = 4, WIDE_COLUMNS = 2, FOUR_COLUMNS = 2, TWO_COLUMNS = 4, ONE_COLUMNS = 4 };
#endif
enum { MERGED = 64 };  // pixels that are treated as a row where rows do not matter

enum Write { STORE, GRADIENT, GRADIENT_SUM };

// One pass over all outputs.
struct Sweep {
    const float* input;
    long channel, row;           // floats from one channel (row) of the input to the next
    long column_step, row_step;  // floats between the inputs of neighbouring outputs, and rows
    const Taps& taps;
    int channels_in;
    const float* weights;  // packed
    int rows, columns;     // of the output
    float* output;
    long out_channel, out_row, out_column;
    const float* gate;  // of a gradient: what passed a rectifier, laid out as the output; may be null
    float* sums;        // of the output, by channel and image; may be null
};

// ONE_TAP: there is no more than one, at the input itself.
template <int CHANNELS, int COLUMNS, bool ONE_TAP, bool RECTIFIED, Write WRITE>
INLINE void tile(const Sweep& s, const float* input, const float* weights, long at, int channel, long image,
                 long images) {
    Floats sum[CHANNELS][COLUMNS];
    UNROLL
    for (int c = 0; c < CHANNELS; c++) {
        UNROLL
        for (int p = 0; p < COLUMNS; p++) sum[c][p] = Floats{};
    }
    const int taps = ONE_TAP ? 1 : s.taps.count;
    const long step = s.column_step;
    for (int in = 0; in < s.channels_in; in++) {
        for (int t = 0; t < taps; t++) {
            const float* from = ONE_TAP ? input : input + s.taps.offset[t];
            Floats value[COLUMNS];
            UNROLL
            for (int p = 0; p < COLUMNS; p++) {
                value[p] = load(from + p * step);
                if (RECTIFIED) value[p] = rectified(value[p]);
            }
            UNROLL
            for (int c = 0; c < CHANNELS; c++) {
                float weight = weights[c];
                UNROLL
                for (int p = 0; p < COLUMNS; p++) sum[c][p] += value[p] * weight;
            }
            weights += CHANNELS;
        }
        input += s.channel;
    }
    UNROLL
    for (int c = 0; c < CHANNELS; c++) {
        long place = (channel + c) * s.out_channel + at;
        float* to = s.output + place;
        if (WRITE == STORE) {
            Floats total = {};
            UNROLL
            for (int p = 0; p < COLUMNS; p++) {
                store(to + p * s.out_column, sum[c][p]);
                total += sum[c][p];
            }
            if (s.sums) {
                float* kept = s.sums + (channel + c) * images + image;
                store(kept, load(kept) + total);
            }
        } else {
            UNROLL
            for (int p = 0; p < COLUMNS; p++) {
                Floats value = sum[c][p];
                if (s.gate) value = gated(load(s.gate + place + p * s.out_column), value);
                if (WRITE == GRADIENT_SUM) value += load(to + p * s.out_column);
                store(to + p * s.out_column, value);
            }
        }
    }
}

template <int CHANNELS, int COLUMNS, bool ONE_TAP, bool RECTIFIED, Write WRITE>
static void tile_row(const Sweep& s, int row, int channel, const float* weights, long images) {
    const float* input = s.input + row * s.row_step * s.row;
    long at = row * s.out_row;
    for (long image = 0; image < images; image += LANES) {
        int column = 0;
        for (; column + COLUMNS <= s.columns; column += COLUMNS)
            tile<CHANNELS, COLUMNS, ONE_TAP, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights,
                                                               at + column * s.out_column + image, channel, image, images);
        if (COLUMNS > 2 && column + 2 <= s.columns) {
            tile<CHANNELS, 2, ONE_TAP, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights,
                                                at + column * s.out_column + image, channel, image, images);
            column += 2;
        }
        for (; column < s.columns; column++)
            tile<CHANNELS, 1, ONE_TAP, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights,
                                                at + column * s.out_column + image, channel, image, images);
    }
}

template <bool ONE_TAP, bool RECTIFIED, Write WRITE>
static void sweep_rows(const Sweep& s, int channels, long images) {
    const long each = (long)s.channels_in * s.taps.count;
    for (int row = 0; row < s.rows; row++) {
        int c = 0;
        const float* weights = s.weights;
        for (; c + WIDE <= channels; c += WIDE, weights += each * WIDE)
            tile_row<WIDE, WIDE_COLUMNS, ONE_TAP, RECTIFIED, WRITE>(s, row, c, weights, images);
        if (c + 4 <= channels) {
            tile_row<4, FOUR_COLUMNS, ONE_TAP, RECTIFIED, WRITE>(s, row, c, weights, images);
            c += 4, weights += each * 4;
        }
        if (c + 2 <= channels) {
            tile_row<2, TWO_COLUMNS, ONE_TAP, RECTIFIED, WRITE>(s, row, c, weights, images);
            c += 2, weights += each * 2;
        }
        if (c < channels) tile_row<1, ONE_COLUMNS, ONE_TAP, RECTIFIED, WRITE>(s, row, c, weights, images);
    }
}

template <bool RECTIFIED, Write WRITE>
static void sweep(Sweep s, int channels, long images) {
    if (s.taps.count == 1) {
        s.input += s.taps.offset[0];
        sweep_rows<true, RECTIFIED, WRITE>(s, channels, images);
    } else {
        sweep_rows<false, RECTIFIED, WRITE>(s, channels, images);
    }
}

// Weights in the order in which tiles read them: by block of outputs, input, tap, output.
static void pack(const float* weight, int outputs, int inputs, long output_step, long input_step, const Taps& taps,
                 float* to) {
    for (int c = 0; c < outputs;) {
        int left = outputs - c, block = left >= WIDE ? (int)WIDE : left >= 4 ? 4 : left >= 2 ? 2 : 1;
        for (int i = 0; i < inputs; i++)
            for (int t = 0; t < taps.count; t++)
                for (int k = 0; k < block; k++)
                    *to++ = weight[(c + k) * output_step + i * input_step + taps.element[t]];
        c += block;
    }
}

// A 1x1 convolution sees no rows: neighbouring pixels are one row, or rows of MERGED pixels.
INLINE void merge_rows(Sweep& s, long pixels, long images) {
    bool divides = pixels > MERGED && pixels % MERGED == 0;
    s.rows = divides ? pixels / MERGED : 1;
    s.columns = divides ? (int)MERGED : pixels;
    s.row = s.out_row = s.columns * images;
}
