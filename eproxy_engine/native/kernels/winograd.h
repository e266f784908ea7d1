// Winograd's algorithm for convolutions with 3x3 kernels: 36 products for 4x4 outputs instead of 144 (Lavin and Gray,
// 2016, "Fast algorithms for convolutional neural networks").
//
// A kernel and the patch of 6x6 inputs that 4x4 outputs see are polynomials along each side. Their values at six points
// are multiplied, and the values of the product give the outputs. The points are 0, ±3/4, ±3/2 and infinity: exact in
// binary, and close to each other, so that the largest rounding is within three times that of the sum itself (ten times
// with the usual 0, ±1, ±2).
#pragma once
#include "sweep.h"

enum { SIDE = 4, PATCH = 6, POINTS = PATCH * PATCH };
enum { CHANNEL_TILES = 256 };  // of 16 images; what stays in the cache (layout.py)

// Along one side, the squares of the points are A and B.
static const float A = 0.5625f, B = 2.25f, ROOT_A = 0.75f, ROOT_B = 1.5f, AT_ZERO = 1 / (A * B),
                   AT_A = 1 / (2 * A * (A - B)), AT_B = 1 / (2 * B * (B - A));

// Values of six inputs.
struct OfInputs {
    enum { IN = PATCH, OUT = PATCH };
    static INLINE_METHOD void apply(const Floats* x, Floats* y) {
        const Floats even_a = x[4] - x[2] * B, odd_a = (x[3] - x[1] * B) * ROOT_A;
        const Floats even_b = x[4] - x[2] * A, odd_b = (x[3] - x[1] * A) * ROOT_B;
        y[0] = x[4] - x[2] * (A + B) + x[0] * (A * B);
        y[1] = even_a + odd_a;
        y[2] = even_a - odd_a;
        y[3] = even_b + odd_b;
        y[4] = even_b - odd_b;
        y[5] = x[5] - x[3] * (A + B) + x[1] * (A * B);
    }
};

// Values of three weights.
struct OfWeights {
    enum { IN = 3, OUT = PATCH };
    static INLINE_METHOD void apply(const Floats* x, Floats* y) {
        const Floats even_a = (x[0] + x[2] * A) * AT_A, odd_a = x[1] * (ROOT_A * AT_A);
        const Floats even_b = (x[0] + x[2] * B) * AT_B, odd_b = x[1] * (ROOT_B * AT_B);
        y[0] = x[0] * AT_ZERO;
        y[1] = even_a + odd_a;
        y[2] = even_a - odd_a;
        y[3] = even_b + odd_b;
        y[4] = even_b - odd_b;
        y[5] = x[2];
    }
};

// Weights' gradients from those of their values: the transpose of the above.
struct ToWeights {
    enum { IN = PATCH, OUT = 3 };
    static INLINE_METHOD void apply(const Floats* x, Floats* y) {
        const Floats even_a = (x[1] + x[2]) * AT_A, odd_a = x[1] - x[2];
        const Floats even_b = (x[3] + x[4]) * AT_B, odd_b = x[3] - x[4];
        y[0] = x[0] * AT_ZERO + even_a + even_b;
        y[1] = odd_a * (ROOT_A * AT_A) + odd_b * (ROOT_B * AT_B);
        y[2] = even_a * A + even_b * B + x[5];
    }
};

// Four outputs from the values of their product.
struct ToOutputs {
    enum { IN = PATCH, OUT = SIDE };
    static INLINE_METHOD void apply(const Floats* x, Floats* y) {
        const Floats even_a = x[1] + x[2], odd_a = (x[1] - x[2]) * ROOT_A;
        const Floats even_b = x[3] + x[4], odd_b = (x[3] - x[4]) * ROOT_B;
        y[0] = x[0] + even_a + even_b;
        y[1] = odd_a + odd_b;
        y[2] = even_a * A + even_b * B;
        y[3] = odd_a * A + odd_b * B + x[5];
    }
};

// Values of the gradients of four outputs: the transpose of the above.
struct OfOutputs {
    enum { IN = SIDE, OUT = PATCH };
    static INLINE_METHOD void apply(const Floats* x, Floats* y) {
        const Floats even_a = x[0] + x[2] * A, odd_a = (x[1] + x[3] * A) * ROOT_A;
        const Floats even_b = x[0] + x[2] * B, odd_b = (x[1] + x[3] * B) * ROOT_B;
        y[0] = x[0];
        y[1] = even_a + odd_a;
        y[2] = even_a - odd_a;
        y[3] = even_b + odd_b;
        y[4] = even_b - odd_b;
        y[5] = x[3];
    }
};

// Apply one of these along columns, then along rows. take(row, column) reads, put(row, column, value) writes.
template <class Side, class Take, class Put>
INLINE void on_both_sides(Take take, Put put) {
    Floats middle[Side::OUT][Side::IN];
    UNROLL
    for (int j = 0; j < Side::IN; j++) {
        Floats in[Side::IN], out[Side::OUT];
        UNROLL
        for (int i = 0; i < Side::IN; i++) in[i] = take(i, j);
        Side::apply(in, out);
        UNROLL
        for (int i = 0; i < Side::OUT; i++) middle[i][j] = out[i];
    }
    UNROLL
    for (int i = 0; i < Side::OUT; i++) {
        Floats out[Side::OUT];
        Side::apply(middle[i], out);
        UNROLL
        for (int j = 0; j < Side::OUT; j++) put(i, j, out[j]);
    }
}

// Some tiles of a plane, one row of tiles after the other: where each begins.
struct Tiles {
    int count;
    int row[CHANNEL_TILES], column[CHANNEL_TILES];
};

// Planes of pixels, with zeros that may be read around them.
struct Planes {
    const float* first;   // pixel of the first row and column
    long channel, row;    // floats from one to the next
    int rows, columns, margin;
};

// Values lie as [point][channel][tile][image], with a vector between the points, which then never share a cache's set.
INLINE long point_step(int channels, const Tiles& tiles, long images) { return channels * tiles.count * images + 16; }

// What a patch reads along one side: the first and the last may lie outside, where zeros are; a neighbour is read then.
struct Reach {
    long at[PATCH];        // floats from the first
    Integers first, last;  // all bits set if they are inside
    Reach(int start, int size, int margin, long step) {
        for (int i = 0; i < PATCH; i++) at[i] = i * step;
        const bool before = start < -margin, after = start + PATCH > size + margin;
        if (before) at[0] = at[1];
        if (after) at[PATCH - 1] = at[PATCH - 2];
        first = Integers{} - !before;
        last = Integers{} - !after;
    }
    INLINE_METHOD Floats kept(int i, Floats value) const {
        if (i == 0) return (Floats)((Integers)value & first);
        if (i == PATCH - 1) return (Floats)((Integers)value & last);
        return value;
    }
};

template <bool RECTIFIED>
static void values_of_inputs(const Planes& x, int channels, const Tiles& tiles, long images, float* to) {
    const long step = point_step(channels, tiles, images);
    for (int c = 0; c < channels; c++)
        for (int t = 0; t < tiles.count; t++) {
            const int top = tiles.row[t] - 1, left = tiles.column[t] - 1;
            const Reach down(top, x.rows, x.margin, x.row), right(left, x.columns, x.margin, images);
            for (long image = 0; image < images; image += LANES) {
                const float* corner = x.first + c * x.channel + top * x.row + left * images + image;
                float* goal = to + (c * tiles.count + t) * images + image;
                on_both_sides<OfInputs>(
                    [&](int i, int j) {
                        const Floats value = down.kept(i, right.kept(j, load(corner + down.at[i] + right.at[j])));
                        return RECTIFIED ? rectified(value) : value;
                    },
                    [&](int i, int j, Floats value) { store(goal + (i * PATCH + j) * step, value); });
            }
        }
}

static void values_of_gradients(const Planes& dy, int channels, const Tiles& tiles, long images, float* to) {
    const long step = point_step(channels, tiles, images);
    for (int c = 0; c < channels; c++, to += tiles.count * images)
        for (int t = 0; t < tiles.count; t++)
            for (long image = 0; image < images; image += LANES) {
                const float* corner =
                    dy.first + c * dy.channel + tiles.row[t] * dy.row + tiles.column[t] * images + image;
                float* goal = to + t * images + image;
                on_both_sides<OfOutputs>(
                    [&](int i, int j) { return load(corner + i * dy.row + j * images); },
                    [&](int i, int j, Floats value) { store(goal + (i * PATCH + j) * step, value); });
            }
}

// Packed weights at every point: [point][as `pack` packs a 1x1 kernel]. `spread` is space for nine of them.
static long values_of_weights(const float* weight, int outputs, int inputs, long output_step, long input_step,
                              bool flipped, float* spread, float* to) {
    const long count = (long)outputs * inputs, step = (count + LANES - 1) / LANES * LANES;
    Taps one;
    one.count = 1;
    for (int t = 0; t < 9; t++) {
        one.element[0] = flipped ? 8 - t : t;
        pack(weight, outputs, inputs, output_step, input_step, one, spread + t * step);
    }
    for (long i = 0; i < count; i += LANES)
        on_both_sides<OfWeights>(
            [&](int a, int b) { return load(spread + (a * 3 + b) * step + i); },
            [&](int a, int b, Floats value) { store(to + (a * PATCH + b) * step + i, value); });
    return step;
}

// Where outputs go, and what is made of them.
struct Goal {
    float* first;
    long channel, row;
    const float* gate;  // as of a sweep
    float* sums;
};

// Outputs of one channel and tile from the values of their product, which lie `step` apart; adds up what it stores.
template <Write WRITE>
INLINE void outputs_of_values(const float* values, long step, const Goal& goal, long at, long images, Floats& total) {
    on_both_sides<ToOutputs>([&](int i, int j) { return load(values + (i * PATCH + j) * step); },
                             [&](int i, int j, Floats value) {
                                 const long place = at + i * goal.row + j * images;
                                 if (WRITE == STORE) total += value;
                                 if (WRITE != STORE && goal.gate) value = gated(load(goal.gate + place), value);
                                 if (WRITE == GRADIENT_SUM) value += load(goal.first + place);
                                 store(goal.first + place, value);
                             });
}

// Whether the algorithm applies and pays, for one group of channels.
INLINE bool by_winograd(const Operation& o, int inputs, int outputs) {
    return o.kernel[0] == 3 && o.kernel[1] == 3 && o.stride[0] == 1 && o.stride[1] == 1 && o.padding[0] == 1 &&
           o.padding[1] == 1 && o.dilation[0] == 1 && o.dilation[1] == 1 && o.rows_in % SIDE == 0 &&
           o.columns_in % SIDE == 0 && inputs >= 4 && outputs >= 4;
}

// Whether it pays for the gradient of the weights, too, where the inputs fill vectors.
INLINE bool weights_by_winograd(const Operation& o, int inputs, int outputs) {
    return by_winograd(o, inputs, outputs) && 4 * inputs >= 3 * ((inputs + LANES - 1) / LANES * LANES);
}

// The next tiles that are treated at once.
INLINE Tiles next_tiles(const Operation& o, int first, int channels, long images) {
    const int across = o.columns_in / SIDE, all = across * (o.rows_in / SIDE);
    int count = (int)(CHANNEL_TILES * 16 / images / channels);
    if (count < 1) count = 1;
    Tiles tiles;
    tiles.count = all - first < count ? all - first : count;
    for (int t = 0; t < tiles.count; t++) {
        tiles.row[t] = (first + t) / across * SIDE;
        tiles.column[t] = (first + t) % across * SIDE;
    }
    return tiles;
}

// Values of the inputs of some tiles, and packed weights, `point` and `step` from point to point.
struct Factors {
    const float *values, *weights;
    long point, step;
    int inputs;
};

// Products of some outputs with neighbouring tiles, as [point][output][tile].
template <int OUTPUTS, int TILES>
INLINE void multiply(const Factors& f, const float* values, long channel, long images, float* products) {
    for (int p = 0; p < POINTS; p++, products += OUTPUTS * TILES * LANES) {
        const float *input = values + p * f.point, *weights = f.weights + p * f.step;
        Floats sum[OUTPUTS][TILES];
        UNROLL
        for (int c = 0; c < OUTPUTS; c++) {
            UNROLL
            for (int t = 0; t < TILES; t++) sum[c][t] = Floats{};
        }
        for (int i = 0; i < f.inputs; i++, input += channel, weights += OUTPUTS) {
            Floats value[TILES];
            UNROLL
            for (int t = 0; t < TILES; t++) value[t] = load(input + t * images);
            UNROLL
            for (int c = 0; c < OUTPUTS; c++) {
                const float weight = weights[c];
                UNROLL
                for (int t = 0; t < TILES; t++) sum[c][t] += value[t] * weight;
            }
        }
        UNROLL
        for (int c = 0; c < OUTPUTS; c++) {
            UNROLL
            for (int t = 0; t < TILES; t++) store(products + (c * TILES + t) * LANES, sum[c][t]);
        }
    }
}

// Some outputs of all tiles, two tiles after the other: their products stay in the innermost cache.
template <int OUTPUTS, Write WRITE>
static void some_outputs(const Factors& f, int first, const Tiles& tiles, long images, const Goal& goal) {
    float products[POINTS * OUTPUTS * 2 * LANES] __attribute__((aligned(LANES * 4)));
    for (long image = 0; image < images; image += LANES) {
        Floats total[OUTPUTS] = {};
        for (int t = 0; t < tiles.count; t += 2) {
            const bool pair = t + 1 < tiles.count;
            const float* values = f.values + t * images + image;
            if (pair)
                multiply<OUTPUTS, 2>(f, values, tiles.count * images, images, products);
            else
                multiply<OUTPUTS, 1>(f, values, tiles.count * images, images, products);
            for (int c = 0; c < OUTPUTS; c++)
                for (int k = 0; k <= pair; k++) {
                    const long at = (first + c) * goal.channel + tiles.row[t + k] * goal.row +
                                    tiles.column[t + k] * images + image;
                    const float* product = products + (pair ? 2 * c + k : c) * LANES;
                    outputs_of_values<WRITE>(product, (pair + 1) * OUTPUTS * LANES, goal, at, images, total[c]);
                }
        }
        if (WRITE == STORE && goal.sums)
            for (int c = 0; c < OUTPUTS; c++) {
                float* kept = goal.sums + (first + c) * images + image;
                store(kept, load(kept) + total[c]);
            }
    }
}

// Outputs, or gradients of inputs, from planes; the weights are at w.packed, `step` from point to point.
template <bool RECTIFIED, Write WRITE>
static void winograd(const Operation& o, const Workspace& w, const Planes& x, int inputs, int outputs, long step,
                     const Goal& goal) {
    const long images = w.images;
    const int all = (int)(pixels_in(o) / (SIDE * SIDE));
    for (int done = 0; done < all;) {
        const Tiles tiles = next_tiles(o, done, inputs + outputs, images);
        values_of_inputs<RECTIFIED>(x, inputs, tiles, images, w.values);
        Factors f = {w.values, w.packed, point_step(inputs, tiles, images), step, inputs};
        int c = 0;
#define SOME_OUTPUTS(OUTPUTS) \
    some_outputs<OUTPUTS, WRITE>(f, c, tiles, images, goal), c += OUTPUTS, f.weights += OUTPUTS * inputs
        while (c + WIDE <= outputs) SOME_OUTPUTS(WIDE);
        while (c + 4 <= outputs) SOME_OUTPUTS(4);
        while (c + 2 <= outputs) SOME_OUTPUTS(2);
        if (c < outputs) SOME_OUTPUTS(1);
#undef SOME_OUTPUTS
        done += tiles.count;
    }
}

// Planes with a margin, whose lanes are channels: [block of LANES channels][row][column][image][channel]. A sum over
// pixels and images then needs no sum over lanes.
template <bool RECTIFIED>
static void turn_planes(const Planes& x, int channels, long images, float* to) {
    const Floats none[LANES] = {};
    for (int first = 0; first < channels; first += LANES)
        for (int r = -1; r <= x.rows; r++)
            for (int p = -1; p <= x.columns; p++)
                for (long image = 0; image < images; image += LANES, to += LANES * LANES) {
                    const bool inside = r >= 0 && r < x.rows && p >= 0 && p < x.columns;
                    const float* from = x.first + first * x.channel + r * x.row + p * images + image;
                    Floats square[LANES];
                    UNROLL
                    for (int c = 0; c < LANES; c++) {
                        square[c] = inside && first + c < channels ? load(from + c * x.channel) : none[c];
                        if (RECTIFIED) square[c] = rectified(square[c]);
                    }
                    turn(square);
                    UNROLL
                    for (int i = 0; i < LANES; i++) store(to + i * LANES, square[i]);
                }
}

// Add products of gradients of some outputs [output][place] and of inputs [block][place][LANES channels].
template <int OUTPUTS, int BLOCKS>
INLINE void add_products(const float* gradients, long output, const float* inputs, long block, long places, float* to,
                         long to_output) {
    Floats sum[OUTPUTS][BLOCKS];
    UNROLL
    for (int c = 0; c < OUTPUTS; c++) {
        UNROLL
        for (int b = 0; b < BLOCKS; b++) sum[c][b] = load(to + c * to_output + b * LANES);
    }
    for (long place = 0; place < places; place++) {
        Floats value[BLOCKS];
        UNROLL
        for (int b = 0; b < BLOCKS; b++) value[b] = load(inputs + b * block + place * LANES);
        UNROLL
        for (int c = 0; c < OUTPUTS; c++) {
            const float gradient = gradients[c * output + place];
            UNROLL
            for (int b = 0; b < BLOCKS; b++) sum[c][b] += value[b] * gradient;
        }
    }
    UNROLL
    for (int c = 0; c < OUTPUTS; c++) {
        UNROLL
        for (int b = 0; b < BLOCKS; b++) store(to + c * to_output + b * LANES, sum[c][b]);
    }
}

template <int BLOCKS>
static void add_products_of(int outputs, const float* gradients, const float* inputs, long block, long places,
                            float* to, long to_output) {
    int c = 0;
#define ADD_PRODUCTS(OUTPUTS)                                                                                   \
    add_products<OUTPUTS, BLOCKS>(gradients + c * places, places, inputs, block, places, to + c * to_output, \
                                  to_output),                                                                   \
        c += OUTPUTS
    enum { MOST = BLOCKS == 1 ? 2 * WIDE : WIDE };
    while (c + MOST <= outputs) ADD_PRODUCTS(MOST);
    while (c + 4 <= outputs) ADD_PRODUCTS(4);
    while (c + 2 <= outputs) ADD_PRODUCTS(2);
    if (c < outputs) ADD_PRODUCTS(1);
#undef ADD_PRODUCTS
}

static void winograd_weights(const Operation& o, const Workspace& w, const Planes& x, const Planes& dy, int inputs,
                             int outputs, float* to) {
    const int blocks = (inputs + LANES - 1) / LANES, all = (int)(pixels_in(o) / (SIDE * SIDE));
    const long images = w.images, turned = images * LANES, row = (o.columns_in + 2) * turned;
    const Planes planes = {w.padded + row + turned, (o.rows_in + 2) * row, row, o.rows_in, o.columns_in, 1};
    const long of_output = blocks * LANES, step = outputs * of_output;
    if (o.rectified_input)
        turn_planes<true>(x, inputs, images, w.padded);
    else
        turn_planes<false>(x, inputs, images, w.padded);
    clear(w.packed, POINTS * step);
    for (int done = 0; done < all;) {
        const Tiles tiles = next_tiles(o, done, blocks * LANES + outputs, images);
        const long places = tiles.count * images, of_inputs = point_step(blocks, tiles, turned),
                   of_gradients = point_step(outputs, tiles, images);
        float* gradients = w.values + POINTS * of_inputs;
        values_of_inputs<false>(planes, blocks, tiles, turned, w.values);
        values_of_gradients(dy, outputs, tiles, images, gradients);
        for (int point = 0; point < POINTS; point++) {
            const float *of_point = w.values + point * of_inputs, *gradient = gradients + point * of_gradients;
            float* goal = w.packed + point * step;
            int b = 0;
            for (; b + 2 <= blocks; b += 2)
                add_products_of<2>(outputs, gradient, of_point + b * places * LANES, places * LANES, places,
                                   goal + b * LANES, of_output);
            if (b < blocks)
                add_products_of<1>(outputs, gradient, of_point + b * places * LANES, places * LANES, places,
                                   goal + b * LANES, of_output);
        }
        done += tiles.count;
    }
    for (int c = 0; c < outputs; c++)
        for (int first = 0; first < inputs; first += LANES) {
            const float* from = w.packed + c * of_output + first;
            float found[9][LANES] __attribute__((aligned(64)));
            on_both_sides<ToWeights>([&](int a, int b) { return load(from + (a * PATCH + b) * step); },
                                     [&](int a, int b, Floats value) { store(found[a * 3 + b], value); });
            for (int i = first; i < inputs && i < first + LANES; i++)
                for (int t = 0; t < 9; t++) to[((long)c * inputs + i) * 9 + t] = found[t][i - first];
        }
}
