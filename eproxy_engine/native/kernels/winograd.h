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
    int count, together;  // `together`: whose outputs are summed up before they are added to those of others
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

// Weights of 3x3 kernels, and the floats from one output or input to the next.
struct Weights {
    const float* first;
    int outputs, inputs;
    long output_step, input_step;
    bool flipped;
};

INLINE long whole_vectors(long count) { return (count + LANES - 1) / LANES * LANES; }

// Elements of LANES kernels, lane by lane: vector t has element t of each, or the last but t if it is flipped. `end`:
// where the weights end.
INLINE void elements_of_kernels(const float* const* kernel, const float* end, bool flipped, Floats* element) {
    Floats rows[LANES], last = {};
    UNROLL
    for (int lane = 0; lane < LANES; lane++) {
        rows[lane] = Floats{};
        if (LANES < 9 || end - kernel[lane] >= LANES)
            __builtin_memcpy(&rows[lane], kernel[lane], sizeof(Floats));
        else
            __builtin_memcpy(&rows[lane], kernel[lane], (LANES < 9 ? LANES : 9) * sizeof(float));
        if (LANES < 9) last[lane] = kernel[lane][8];
    }
    turn(rows);
    for (int t = 0; t < 9; t++) element[flipped ? 8 - t : t] = t < LANES ? rows[t] : last;
}

// Values of the weights of some outputs: [point][input][output], `step` from point to point.
template <int OUTPUTS>
static void values_of_weights(const Weights& g, int first, float* to, long step) {
    const long count = (long)OUTPUTS * g.inputs;
    const float *from = g.first + first * g.output_step, *end = g.first + (long)g.outputs * g.inputs * 9;
    for (long at = 0; at < count; at += LANES) {
        const float* kernel[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            const long place = at + lane < count ? at + lane : at;  // what is beyond is not read
            kernel[lane] = from + place % OUTPUTS * g.output_step + place / OUTPUTS * g.input_step;
        }
        Floats element[9];
        elements_of_kernels(kernel, end, g.flipped, element);
        on_both_sides<OfWeights>([&](int a, int b) { return element[a * 3 + b]; },
                                 [&](int a, int b, Floats value) { store(to + (a * PATCH + b) * step + at, value); });
    }
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

INLINE int tiles_of(const Operation& o) { return (int)(pixels_in(o) / (SIDE * SIDE)); }

// How many tiles of so many channels are treated at once, so that their values stay in the cache.
INLINE int tiles_at_once(int channels, long images) {
    const int count = (int)(CHANNEL_TILES * 16 / images / channels);
    return count < 1 ? 1 : count;
}

// Tiles from the first on, `most` at the most.
INLINE Tiles next_tiles(const Operation& o, int first, int most) {
    const int across = o.columns_in / SIDE, left = tiles_of(o) - first;
    Tiles tiles;
    tiles.count = tiles.together = left < most ? left : most;
    for (int t = 0; t < tiles.count; t++) {
        tiles.row[t] = (first + t) / across * SIDE;
        tiles.column[t] = (first + t) % across * SIDE;
    }
    return tiles;
}

// Values of the inputs of some tiles, and of weights, `point` and `step` from point to point.
struct Factors {
    const float *values, *weights;
    long point, step;
    int inputs;
};

// Products of some outputs with neighbouring tiles, as [point][output][tile].
template <int OUTPUTS, int TILES>
INLINE void multiply(const Factors& f, const float* values, long channel, long images, float* products) {
    Taps none;  // a tile of one tap does not ask
    for (int p = 0; p < POINTS; p++, products += OUTPUTS * TILES * LANES) {
        const float *input = values + p * f.point, *weights = f.weights + p * f.step;
        const Sweep s = {input, channel, 0, images, 1, none, f.inputs, weights, 1, TILES, products, TILES * LANES, 0,
                         LANES, nullptr, nullptr};
        tile<OUTPUTS, TILES, true, false, STORE>(s, input, weights, 0, 0, 0, LANES);
    }
}

// Some outputs of some tiles, two tiles after the other: their products stay in the innermost cache.
template <int OUTPUTS, Write WRITE>
static void outputs_of_tiles(const Factors& f, int first, const Tiles& tiles, int from, int to, long image, long images,
                             const Goal& goal) {
    float products[POINTS * OUTPUTS * 2 * LANES] __attribute__((aligned(LANES * 4)));
    Floats total[OUTPUTS] = {};
    for (int t = from; t < to; t += 2) {
        const bool pair = t + 1 < to;
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

template <int OUTPUTS, Write WRITE>
static void some_outputs(const Factors& f, int first, const Tiles& tiles, long images, const Goal& goal) {
    for (long image = 0; image < images; image += LANES)
        for (int from = 0; from < tiles.count; from += tiles.together) {
            const int to = from + tiles.together < tiles.count ? from + tiles.together : tiles.count;
            outputs_of_tiles<OUTPUTS, WRITE>(f, first, tiles, from, to, image, images, goal);
        }
}

template <int COUNT>
struct Size {
    enum { OF = COUNT };
};

// Call each(size, first) for blocks of outputs, the largest first.
template <class Each>
INLINE void in_blocks(int outputs, Each each) {
    int c = 0;
    for (; c + WIDE <= outputs; c += WIDE) each(Size<WIDE>(), c);
    for (; c + 4 <= outputs; c += 4) each(Size<4>(), c);
    for (; c + 2 <= outputs; c += 2) each(Size<2>(), c);
    if (c < outputs) each(Size<1>(), c);
}

// If the values of all tiles fit into the cache: those of the weights are made for a block of outputs at a time.
template <bool RECTIFIED, Write WRITE>
static void winograd_at_once(const Operation& o, const Workspace& w, const Planes& x, const Weights& g,
                             const Goal& goal) {
    const long images = w.images, step = whole_vectors((long)WIDE * g.inputs) + LANES;
    Tiles tiles = next_tiles(o, 0, tiles_of(o));
    tiles.together = tiles_at_once(g.inputs + g.outputs, images);
    values_of_inputs<RECTIFIED>(x, g.inputs, tiles, images, w.values);
    const Factors f = {w.values, w.packed, point_step(g.inputs, tiles, images), step, g.inputs};
    in_blocks(g.outputs, [&](auto size, int first) {
        values_of_weights<size.OF>(g, first, w.packed, step);
        some_outputs<size.OF, WRITE>(f, first, tiles, images, goal);
    });
}

// Outputs, or gradients of inputs, from planes.
template <bool RECTIFIED, Write WRITE>
static void winograd(const Operation& o, const Workspace& w, const Planes& x, const Weights& g, const Goal& goal) {
    const long images = w.images;
    if (tiles_of(o) <= tiles_at_once(g.inputs, images)) return winograd_at_once<RECTIFIED, WRITE>(o, w, x, g, goal);
    long step = LANES;
    in_blocks(g.outputs, [&](auto size, int) { step += whole_vectors((long)size.OF * g.inputs); });
    float* weights = w.packed;
    in_blocks(g.outputs, [&](auto size, int first) {
        values_of_weights<size.OF>(g, first, weights, step);
        weights += whole_vectors((long)size.OF * g.inputs);
    });
    for (int done = 0; done < tiles_of(o);) {
        const Tiles tiles = next_tiles(o, done, tiles_at_once(g.inputs + g.outputs, images));
        values_of_inputs<RECTIFIED>(x, g.inputs, tiles, images, w.values);
        Factors f = {w.values, w.packed, point_step(g.inputs, tiles, images), step, g.inputs};
        in_blocks(g.outputs, [&](auto size, int first) {
            some_outputs<size.OF, WRITE>(f, first, tiles, images, goal);
            f.weights += whole_vectors((long)size.OF * g.inputs);
        });
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

// Values of the turned inputs of some tiles, and of the gradients of the outputs, with floats from point to point.
struct Turned {
    const float *inputs, *gradients;
    long input_point, gradient_point, places;
    int blocks;  // of inputs
};

// Add the products of some outputs, from the first on: [point][output][input].
static void add_all_products(const Turned& v, int first, int outputs, float* to) {
    const long block = v.places * LANES, row = v.blocks * LANES;
    for (int point = 0; point < POINTS; point++, to += outputs * row) {
        const float *inputs = v.inputs + point * v.input_point,
                    *gradients = v.gradients + point * v.gradient_point + first * v.places;
        int b = 0;
        for (; b + 2 <= v.blocks; b += 2)
            add_products_of<2>(outputs, gradients, inputs + b * block, block, v.places, to + b * LANES, row);
        if (b < v.blocks)
            add_products_of<1>(outputs, gradients, inputs + b * block, block, v.places, to + b * LANES, row);
    }
}

// Gradients of the weights [output][input][3][3] of some outputs from those of their values [point][output][input].
static void weights_of_values(const float* values, int outputs, int inputs, float* to) {
    const long row = whole_vectors(inputs), step = outputs * row;
    for (int c = 0; c < outputs; c++)
        for (int first = 0; first < inputs; first += LANES) {
            const float* from = values + c * row + first;
            float found[9][LANES] __attribute__((aligned(LANES * 4)));
            on_both_sides<ToWeights>([&](int a, int b) { return load(from + (a * PATCH + b) * step); },
                                     [&](int a, int b, Floats value) { store(found[a * 3 + b], value); });
            for (int i = first; i < inputs && i < first + LANES; i++)
                for (int t = 0; t < 9; t++) to[((long)c * inputs + i) * 9 + t] = found[t][i - first];
        }
}

static void winograd_weights(const Operation& o, const Workspace& w, const Planes& x, const Planes& dy, int inputs,
                             int outputs, float* to) {
    const long images = w.images, turned = images * LANES, row = (o.columns_in + 2) * turned,
               wide = whole_vectors(inputs);
    const int blocks = (int)(wide / LANES), most = tiles_at_once((int)wide + outputs, images);
    const Planes planes = {w.padded + row + turned, (o.rows_in + 2) * row, row, o.rows_in, o.columns_in, 1};
    if (o.rectified_input)
        turn_planes<true>(x, inputs, images, w.padded);
    else
        turn_planes<false>(x, inputs, images, w.padded);
    // If there are few tiles, some outputs at a time: their values stay in the cache.
    const int together = tiles_of(o) <= most ? 2 * WIDE : outputs;
    for (int done = 0; done < tiles_of(o);) {
        const Tiles tiles = next_tiles(o, done, most);
        const long of_inputs = point_step(blocks, tiles, turned), of_gradients = point_step(outputs, tiles, images);
        float* gradients = w.values + POINTS * of_inputs;
        values_of_inputs<false>(planes, blocks, tiles, turned, w.values);
        values_of_gradients(dy, outputs, tiles, images, gradients);
        const Turned v = {w.values, gradients, of_inputs, of_gradients, tiles.count * images, blocks};
        const bool begins = done == 0;
        done += tiles.count;
        for (int first = 0; first < outputs; first += together) {
            const int now = outputs - first < together ? outputs - first : together;
            if (begins) clear(w.packed, POINTS * now * wide);
            add_all_products(v, first, now, w.packed);
            if (done == tiles_of(o)) weights_of_values(w.packed, now, inputs, to + (long)first * inputs * 9);
        }
    }
}
