// Full convolutions: output, gradient of the input, gradient of the weights.
//
// One tile of outputs (some channels by some columns) stays in registers while all inputs and taps are summed up. The
// gradient of the input is the same sum over other taps, so it has the same code.
#pragma once
#include "normalisation.h"
#include "taps.h"

#if LANES == 16  // 32 registers
enum { WIDE = 8, WIDE_COLUMNS = 3, FOUR_COLUMNS = 4, TWO_COLUMNS = 4, ONE_COLUMNS = 4 };
enum { GRADIENT_CHANNELS = 4, GRADIENT_INPUTS = 6 };
#else            // 16 registers
enum { WIDE = 4, WIDE_COLUMNS = 3, FOUR_COLUMNS = 3, TWO_COLUMNS = 4, ONE_COLUMNS = 4 };
enum { GRADIENT_CHANNELS = 2, GRADIENT_INPUTS = 5 };
#endif
enum { MERGED = 64 };  // pixels that are treated as a row where rows do not matter

enum Write { STORE, GRADIENT, GRADIENT_SUM };

// One pass over all outputs.
struct Sweep {
    const float* input;
    long channel, row;             // floats from one channel (row) of the input to the next
    long column_step, row_step;    // floats between the inputs of neighbouring outputs, and rows
    const Taps& taps;
    int channels_in;
    const float* weights;          // packed
    int rows, columns;             // of the output
    float* output;
    long out_channel, out_row, out_column;
    const float* gate;             // of a gradient: what passed a rectifier, laid out as the output; may be null
    float* sums;                   // of the output, by channel and image; may be null
};

template <int CHANNELS, int COLUMNS, bool RECTIFIED, Write WRITE>
INLINE void tile(const Sweep& s, const float* input, const float* weights, long at, int channel, long image, long images) {
    Floats sum[CHANNELS][COLUMNS];
    UNROLL for (int c = 0; c < CHANNELS; c++)
        UNROLL for (int p = 0; p < COLUMNS; p++) sum[c][p] = Floats{};
    const int taps = s.taps.count;
    const long step = s.column_step;
    for (int in = 0; in < s.channels_in; in++) {
        for (int t = 0; t < taps; t++) {
            const float* from = input + s.taps.offset[t];
            Floats value[COLUMNS];
            UNROLL for (int p = 0; p < COLUMNS; p++) {
                value[p] = load(from + p * step);
                if (RECTIFIED) value[p] = rectified(value[p]);
            }
            UNROLL for (int c = 0; c < CHANNELS; c++) {
                float weight = weights[c];
                UNROLL for (int p = 0; p < COLUMNS; p++) sum[c][p] += value[p] * weight;
            }
            weights += CHANNELS;
        }
        input += s.channel;
    }
    UNROLL for (int c = 0; c < CHANNELS; c++) {
        long place = (channel + c) * s.out_channel + at;
        float* to = s.output + place;
        if (WRITE == STORE) {
            Floats total = {};
            UNROLL for (int p = 0; p < COLUMNS; p++) {
                store(to + p * s.out_column, sum[c][p]);
                total += sum[c][p];
            }
            if (s.sums) {
                float* kept = s.sums + (channel + c) * images + image;
                store(kept, load(kept) + total);
            }
        } else {
            UNROLL for (int p = 0; p < COLUMNS; p++) {
                Floats value = sum[c][p];
                if (s.gate) value = gated(load(s.gate + place + p * s.out_column), value);
                if (WRITE == GRADIENT_SUM) value += load(to + p * s.out_column);
                store(to + p * s.out_column, value);
            }
        }
    }
}

template <int CHANNELS, int COLUMNS, bool RECTIFIED, Write WRITE>
static void tile_row(const Sweep& s, int row, int channel, const float* weights, long images) {
    const float* input = s.input + row * s.row_step * s.row;
    long at = row * s.out_row;
    for (long image = 0; image < images; image += LANES) {
        int column = 0;
        for (; column + COLUMNS <= s.columns; column += COLUMNS)
            tile<CHANNELS, COLUMNS, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights, at + column * s.out_column + image, channel, image, images);
        if (COLUMNS > 2 && column + 2 <= s.columns) {
            tile<CHANNELS, 2, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights, at + column * s.out_column + image, channel, image, images);
            column += 2;
        }
        for (; column < s.columns; column++)
            tile<CHANNELS, 1, RECTIFIED, WRITE>(s, input + column * s.column_step + image, weights, at + column * s.out_column + image, channel, image, images);
    }
}

template <bool RECTIFIED, Write WRITE>
static void sweep(const Sweep& s, int channels, long images) {
    const long each = (long)s.channels_in * s.taps.count;
    for (int row = 0; row < s.rows; row++) {
        int c = 0;
        const float* weights = s.weights;
        for (; c + WIDE <= channels; c += WIDE, weights += each * WIDE)
            tile_row<WIDE, WIDE_COLUMNS, RECTIFIED, WRITE>(s, row, c, weights, images);
        if (c + 4 <= channels) {
            tile_row<4, FOUR_COLUMNS, RECTIFIED, WRITE>(s, row, c, weights, images);
            c += 4, weights += each * 4;
        }
        if (c + 2 <= channels) {
            tile_row<2, TWO_COLUMNS, RECTIFIED, WRITE>(s, row, c, weights, images);
            c += 2, weights += each * 2;
        }
        if (c < channels) tile_row<1, ONE_COLUMNS, RECTIFIED, WRITE>(s, row, c, weights, images);
    }
}

// Weights in the order in which tiles read them: by block of outputs, input, tap, output.
static void pack(const float* weight, int outputs, int inputs, long output_step, long input_step, const Taps& taps, float* to) {
    for (int c = 0; c < outputs;) {
        int left = outputs - c, block = left >= WIDE ? (int)WIDE : left >= 4 ? 4 : left >= 2 ? 2 : 1;
        for (int i = 0; i < inputs; i++)
            for (int t = 0; t < taps.count; t++)
                for (int k = 0; k < block; k++) *to++ = weight[(c + k) * output_step + i * input_step + taps.element[t]];
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

INLINE bool pointwise(const Operation& o) {
    return o.kernel[0] * o.kernel[1] == 1 && o.stride[0] == 1 && o.stride[1] == 1 && !o.padding[0] && !o.padding[1];
}

static void convolve_group(const Operation& o, const Workspace& w, int group, int inputs, int outputs, const Taps& taps) {
    const long images = w.images, elements = taps.count;
    const float *x = o.x + group * inputs * pixels_in(o) * images, *input = x;
    bool rectify = o.rectified_input;
    if (o.padding[0] || o.padding[1]) {
        pad_input(o, x, inputs, w);
        input = w.padded;
        rectify = false;
    }
    const long columns = o.columns_in + 2 * o.padding[1], rows = o.rows_in + 2 * o.padding[0], first = group * outputs;
    pack(o.weight + first * inputs * elements, outputs, inputs, inputs * elements, elements, taps, w.packed);
    Sweep s = {input, rows * columns * images, columns * images, o.stride[1] * images, o.stride[0], taps, inputs, w.packed,
               o.rows_out, o.columns_out, o.z + first * pixels_out(o) * images, pixels_out(o) * images,
               o.columns_out * images, images, nullptr, nullptr};
    if (o.normalised) s.sums = w.sums + first * images;
    if (pointwise(o)) merge_rows(s, pixels_out(o), images);
    if (rectify) sweep<true, STORE>(s, outputs, images);
    else sweep<false, STORE>(s, outputs, images);
}

static void convolve(const Operation& o, const Workspace& w) {
    if (o.normalised) clear(w.sums, o.channels_out * w.images);
    const Taps taps = forward_taps(o, w.images);
    for (int group = 0; group < o.groups; group++)
        convolve_group(o, w, group, o.channels_in / o.groups, o.channels_out / o.groups, taps);
    if (o.bias) add_bias(o, w.images);
    if (o.normalised) normalise(o, o.z, w);
}

// --- the gradient of the weights

// Gradient of some outputs' weights for some inputs, where an input is a channel and a tap.
template <int OUTPUTS, int INPUTS>
INLINE void weight_tile(const float* gradient, long channel, long row, const float* const* place, long input_row, long step,
                        int rows, int columns, float* products, long output_step, bool first, long images) {
    Floats sum[OUTPUTS][INPUTS];
    UNROLL for (int c = 0; c < OUTPUTS; c++)
        UNROLL for (int j = 0; j < INPUTS; j++) sum[c][j] = first ? Floats{} : load(products + c * output_step + j * LANES);
    for (long image = 0; image < images; image += LANES)
        for (int r = 0; r < rows; r++) {
            const float* from = gradient + r * row + image;
            long at = r * input_row + image;
            for (int p = 0; p < columns; p++, from += images, at += step) {
                Floats value[OUTPUTS];
                UNROLL for (int c = 0; c < OUTPUTS; c++) value[c] = load(from + c * channel);
                UNROLL for (int j = 0; j < INPUTS; j++) {
                    Floats input = load(place[j] + at);
                    UNROLL for (int c = 0; c < OUTPUTS; c++) sum[c][j] += value[c] * input;
                }
            }
        }
    UNROLL for (int c = 0; c < OUTPUTS; c++)
        UNROLL for (int j = 0; j < INPUTS; j++) store(products + c * output_step + j * LANES, sum[c][j]);
}

template <int OUTPUTS>
static void weight_row(const float* gradient, long channel, long row, const float* const* place, int inputs, long input_row,
                       long step, int rows, int columns, float* products, bool first, long images) {
    const long width = (long)inputs * LANES;
    int j = 0;
#define WEIGHT_TILE(INPUTS) \
    weight_tile<OUTPUTS, INPUTS>(gradient, channel, row, place + j, input_row, step, rows, columns, products + j * LANES, width, first, images)
    for (; j + GRADIENT_INPUTS <= inputs; j += GRADIENT_INPUTS) WEIGHT_TILE(GRADIENT_INPUTS);
    if (inputs - j >= 4) WEIGHT_TILE(4), j += 4;
    if (inputs - j >= 2) WEIGHT_TILE(2), j += 2;
    if (j < inputs) WEIGHT_TILE(1);
#undef WEIGHT_TILE
}

// `input`: the first input of the first output; `gradient`: that of the first output.
static void weight_gradient(const float* gradient, long channel, long row, const float* input, long input_channel,
                            long input_row, long step, int row_step, const Taps& taps, int inputs, int outputs, int rows,
                            int columns, float* to, const Workspace& w) {
    const int pairs = inputs * taps.count;
    int together = MERGED / columns;  // rows at a time, so that they stay in the cache
    if (together < 1) together = 1;
    for (int done = 0; done < rows; done += together) {
        int now = rows - done < together ? rows - done : together;
        for (int i = 0; i < inputs; i++)
            for (int t = 0; t < taps.count; t++)
                w.places[i * taps.count + t] = input + i * input_channel + taps.offset[t] + (long)done * row_step * input_row;
        int c = 0;
#define WEIGHT_ROW(OUTPUTS) \
    weight_row<OUTPUTS>(gradient + done * row + c * channel, channel, row, w.places, pairs, input_row * row_step, step, now, columns, w.products + (long)c * pairs * LANES, done == 0, w.images)
        for (; c + GRADIENT_CHANNELS <= outputs; c += GRADIENT_CHANNELS) WEIGHT_ROW(GRADIENT_CHANNELS);
        for (; c + 2 <= outputs; c += 2) WEIGHT_ROW(2);
        if (c < outputs) WEIGHT_ROW(1);
#undef WEIGHT_ROW
    }
    const long count = (long)outputs * pairs;
    for (long i = 0; i < count; i++) to[i] = total(load(w.products + i * LANES));
}

// --- backward

static void back_to_weights(const Operation& o, const Workspace& w, const float* gradient, Margin m, const float* x,
                            int inputs, int outputs, float* to) {
    const long images = w.images;
    const float* input = x;
    if (o.padding[0] || o.padding[1] || o.rectified_input) {
        pad_input(o, x, inputs, w);
        input = w.padded;
    }
    const Taps taps = forward_taps(o, images);
    const long columns = o.columns_in + 2 * o.padding[1], rows = o.rows_in + 2 * o.padding[0];
    const long row = (o.columns_out + m.left + m.right) * images, channel = (o.rows_out + m.above + m.below) * row;
    const float* first = gradient + m.above * row + m.left * images;
    if (pointwise(o) && m.none())
        weight_gradient(first, channel, row, input, channel, row, images, 1, taps, inputs, outputs, 1, pixels_out(o), to, w);
    else
        weight_gradient(first, channel, row, input, rows * columns * images, columns * images, o.stride[1] * images,
                        o.stride[0], taps, inputs, outputs, o.rows_out, o.columns_out, to, w);
}

static void back_to_input(const Operation& o, const Workspace& w, const float* gradient, Margin m, const float* x,
                          const float* weight, int inputs, int outputs, float* to) {
    const long images = w.images, elements = o.kernel[0] * o.kernel[1];
    const long row = (o.columns_out + m.left + m.right) * images, channel = (o.rows_out + m.above + m.below) * row;
    for (int down = 0; down < o.stride[0] && down < o.rows_in; down++)
        for (int right = 0; right < o.stride[1] && right < o.columns_in; right++) {
            const Taps taps = backward_taps(o, down, right, m, images);
            pack(weight, inputs, outputs, elements, inputs * elements, taps, w.packed);
            const long at = ((long)down * o.columns_in + right) * images;
            Sweep s = {gradient, channel, row, images, 1, taps, outputs, w.packed,
                       (o.rows_in - down + o.stride[0] - 1) / o.stride[0], (o.columns_in - right + o.stride[1] - 1) / o.stride[1],
                       to + at, pixels_in(o) * images, o.columns_in * images * o.stride[0], images * o.stride[1],
                       o.rectified_input ? x + at : nullptr, nullptr};
            if (pointwise(o) && m.none()) merge_rows(s, pixels_in(o), images);
            if (o.adds_gradient) sweep<false, GRADIENT_SUM>(s, inputs, images);
            else sweep<false, GRADIENT>(s, inputs, images);
        }
}

static void convolve_back(const Operation& o, const Workspace& w) {
    const Margin m = backward_margin(o);
    const float* gradient = o.dy;
    if (o.bias && o.dbias) bias_gradient(o, w.images);
    if (o.normalised) {
        normalise_back(o, o.z, w.gradient, m, w.images);
        gradient = w.gradient;
    } else if (!m.none()) {
        pad<false>(o.dy, o.channels_out, o.rows_out, o.columns_out, m, w.images, w.gradient);
        gradient = w.gradient;
    }
    const int inputs = o.channels_in / o.groups, outputs = o.channels_out / o.groups;
    const long plane = (long)(o.rows_out + m.above + m.below) * (o.columns_out + m.left + m.right) * w.images;
    const long elements = (long)inputs * outputs * o.kernel[0] * o.kernel[1];
    for (int group = 0; group < o.groups; group++) {
        const float *x = o.x + group * inputs * pixels_in(o) * w.images, *of_group = gradient + group * outputs * plane;
        if (o.dweight) back_to_weights(o, w, of_group, m, x, inputs, outputs, o.dweight + group * elements);
        if (o.dx)
            back_to_input(o, w, of_group, m, x, o.weight + group * elements, inputs, outputs, o.dx + group * inputs * pixels_in(o) * w.images);
    }
}
