// Vectors, and what every kernel shares.
//
// A tensor lies as [channel][row][column][image]. The number of images is a multiple of 16, so the images fill the
// lanes of vectors, whatever the numbers of channels and pixels, and neighbouring pixels never share a vector.
#pragma once
#include <stdint.h>

#ifndef LANES
#define LANES 16
#endif

typedef float Floats __attribute__((vector_size(LANES * 4)));
typedef int32_t Integers __attribute__((vector_size(LANES * 4)));
typedef uint8_t Bytes __attribute__((vector_size(LANES)));

#define INLINE static inline __attribute__((always_inline))
#define INLINE_METHOD inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

INLINE Floats load(const float* from) { return *(const Floats*)from; }
INLINE void store(float* to, Floats value) { *(Floats*)to = value; }

// Lanes of two vectors, counted through; the places are known when this is compiled.
INLINE Floats shuffled(Floats a, Floats b, Integers places) {
#ifdef __clang__
    Floats found;
    UNROLL
    for (int i = 0; i < LANES; i++) found[i] = places[i] < LANES ? a[places[i]] : b[places[i] - LANES];
    return found;
#else
    return __builtin_shuffle(a, b, places);
#endif
}

// max(0, value); NaN stays NaN, as in torch.
INLINE Floats rectified(Floats value) {
    Floats zero = {};
    return zero > value ? zero : value;
}

// The gradient where the rectifier's input was positive (or NaN), else 0.
INLINE Floats gated(Floats input, Floats gradient) {
    Floats zero = {};
    return input <= zero ? zero : gradient;
}

INLINE void clear(float* to, long count) {
    for (long i = 0; i < count; i += LANES) store(to + i, Floats{});
}

// Sum of a vector's lanes, by halves.
INLINE float total(Floats value) {
    float lane[LANES];
    __builtin_memcpy(lane, &value, sizeof lane);
    for (int half = LANES / 2; half; half /= 2)
        for (int i = 0; i < half; i++) lane[i] += lane[i + half];
    return lane[0];
}

// Segments of 2 * HALF lanes of two vectors, each folded into HALF lanes.
template <int HALF>
INLINE Floats folded(Floats a, Floats b) {
    Integers low, high;
    UNROLL
    for (int i = 0; i < LANES; i++) {
        low[i] = i / HALF * 2 * HALF + i % HALF;
        high[i] = low[i] + HALF;
    }
    return shuffled(a, b, low) + shuffled(a, b, high);
}

// Lane i of what comes back is the sum of the lanes of vector i.
template <int COUNT, int HALF = LANES / 2>
INLINE Floats sums_of_lanes(const Floats* vector) {
    if constexpr (HALF == 0) {
        return vector[0];
    } else {
        Floats next[(COUNT + 1) / 2];
        UNROLL
        for (int i = 0; i < (COUNT + 1) / 2; i++)
            next[i] = folded<HALF>(vector[2 * i], vector[2 * i + 1 < COUNT ? 2 * i + 1 : 2 * i]);
        return sums_of_lanes<(COUNT + 1) / 2, HALF / 2>(next);
    }
}

// Exchange vectors and lanes of a square.
template <int HALF = LANES / 2>
INLINE void turn(Floats* vector) {
    Integers low, high;
    UNROLL
    for (int i = 0; i < LANES; i++) {
        low[i] = i & HALF ? LANES + i - HALF : i;
        high[i] = low[i] + HALF;
    }
    UNROLL
    for (int i = 0; i < LANES; i++) {
        if (i & HALF) continue;
        const Floats one = vector[i], other = vector[i + HALF];
        vector[i] = shuffled(one, other, low);
        vector[i + HALF] = shuffled(one, other, high);
    }
    if constexpr (HALF > 1) turn<HALF / 2>(vector);
}

// Sums of the lanes of many vectors.
template <int COUNT>
INLINE void totals(const Floats* vector, float* to) {
    constexpr int now = COUNT < LANES ? COUNT : LANES;
    const Floats sums = sums_of_lanes<now>(vector);
    __builtin_memcpy(to, &sums, now * sizeof(float));
    if constexpr (COUNT > LANES) totals<COUNT - LANES>(vector + LANES, to + LANES);
}

// The same in double precision.
INLINE double exact_total(Floats value) {
    double sum = 0;
    for (int i = 0; i < LANES; i++) sum += value[i];
    return sum;
}

// Memory that operations use and leave; each thread that computes has its own. Sizes: plan.py.
struct Workspace {
    float* padded;         // an operation's input with its padding
    float* gradient;       // the gradient of its output with margins
    float* packed;         // weights in the order in which they are read
    float* values;         // inputs and outputs, or their gradients, at the points of Winograd's algorithm
    float* sums;           // sum of each output channel, a value an image
    const float** places;  // where the inputs of a gradient of weights begin
    long images;
};

enum Kind {
    CONVOLUTION,
    CONVOLUTION_BACK,
    DEPTHWISE,
    DEPTHWISE_BACK,
    NORMALISATION,
    NORMALISATION_BACK,
    POOLING,
    POOLING_BACK,
    RESIZING,
    RESIZING_BACK,
    WINDOW,
    WINDOW_BACK,
    RECTIFIER,
    RECTIFIER_BACK,
    COPY,
    COPY_BACK,
    CLEAR
};
enum Pooling { MEAN, MAXIMUM };
enum Resizing { NEAREST, BILINEAR };

// One operation; plan.py holds the same record.
struct Operation {
    int32_t kind;
    int32_t mode;             // Pooling or Resizing
    int32_t rectified_input;  // the input passes a rectifier first
    int32_t rectified_output;
    int32_t normalised;     // a convolution's output is normalised
    int32_t adds_output;    // y += instead of y =
    int32_t adds_gradient;  // dx += instead of dx =
    int32_t channels_in, channels_out, rows_in, columns_in, rows_out, columns_out;
    int32_t kernel[2], stride[2], padding[2], dilation[2], groups;
    int32_t offset[2];  // a window's first row and column in its input
    float epsilon;
    float *x, *y, *dx, *dy;  // input and output, and their gradients; dx may be null
    float* z;                // output of a convolution before normalisation
    float *weight, *dweight, *bias, *dbias;
    float *gamma, *dgamma, *beta, *dbeta;
    float* saved;      // mean of each channel, then 1 / standard deviation of each
    uint8_t* winners;  // which element of each window was the largest
};

INLINE long pixels_in(const Operation& o) { return (long)o.rows_in * o.columns_in; }
INLINE long pixels_out(const Operation& o) { return (long)o.rows_out * o.columns_out; }

// Zeros around planes: rows above and below, columns to the left and right.
struct Margin {
    int above, left, below, right;
    bool none() const { return !(above || left || below || right); }
};

// [channels][rows][columns] with margins, rectified on the way if wanted.
template <bool RECTIFIED>
static void pad(const float* x, int channels, int rows, int columns, Margin m, long images, float* to) {
    long row = columns * images, wide = row + (m.left + m.right) * images;
    for (int c = 0; c < channels; c++) {
        clear(to, m.above * wide);
        to += m.above * wide;
        for (int r = 0; r < rows; r++) {
            clear(to, m.left * images);
            to += m.left * images;
            for (long i = 0; i < row; i += LANES) store(to + i, RECTIFIED ? rectified(load(x + i)) : load(x + i));
            x += row;
            to += row;
            clear(to, m.right * images);
            to += m.right * images;
        }
        clear(to, m.below * wide);
        to += m.below * wide;
    }
}

INLINE void pad_input(const Operation& o, const float* x, int channels, const Workspace& w) {
    Margin m = {o.padding[0], o.padding[1], o.padding[0], o.padding[1]};
    if (o.rectified_input)
        pad<true>(x, channels, o.rows_in, o.columns_in, m, w.images, w.padded);
    else
        pad<false>(x, channels, o.rows_in, o.columns_in, m, w.images, w.padded);
}
