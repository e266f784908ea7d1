// Batch normalisation with the statistics of the batch, biases, and their gradients.
#pragma once
#include "vectors.h"

// Call each(i, k) for every vector at i, with k 0 and 1 in turn: two sums do not wait for each other.
template <class Each>
INLINE void in_turn(long count, Each each) {
    long i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES) {
        each(i, 0);
        each(i + LANES, 1);
    }
    if (i < count) each(i, 0);
}

static void add_bias(const Operation& o, long images) {
    const long plane = pixels_out(o) * images;
    for (int c = 0; c < o.channels_out; c++)
        for (float *z = o.z + c * plane, *end = z + plane; z < end; z += LANES) store(z, load(z) + o.bias[c]);
}

static void bias_gradient(const Operation& o, long images) {
    const long plane = pixels_out(o) * images;
    for (int c = 0; c < o.channels_out; c++) {
        Floats sum = {};
        for (long i = 0; i < plane; i += LANES) sum += load(o.dy + c * plane + i);
        o.dbias[c] = exact_total(sum);
    }
}

// Save mean and 1 / standard deviation of a channel of z, given its sum for each image. In two passes: the mean of
// squares minus the square of the mean would lose half of the digits.
static void mean_and_deviation(const Operation& o, int c, const float* z, long plane, const float* sums, long images) {
    double sum = 0;
    for (long i = 0; i < images; i++) sum += sums[i];
    const float mean = sum / plane;
    Floats squares[2] = {};
    in_turn(plane, [&](long i, int k) {
        Floats difference = load(z + i) - mean;
        squares[k] += difference * difference;
    });
    const double variance = exact_total(squares[0] + squares[1]) / plane;
    o.saved[c] = mean;
    o.saved[o.channels_out + c] = 1 / __builtin_sqrt(variance + o.epsilon);
}

// y = (z - mean) / deviation * gamma + beta, as z * scale + shift.
INLINE void scale_and_shift(const Operation& o, int c, float& scale, float& shift) {
    scale = o.gamma[c] * o.saved[o.channels_out + c];
    shift = o.beta[c] - o.saved[c] * scale;
}

// Normalise z, given the sum of each channel and image.
static void normalise(const Operation& o, const float* z, const Workspace& w) {
    const long plane = pixels_out(o) * w.images;
    for (int c = 0; c < o.channels_out; c++) {
        const float* from = z + c * plane;
        float scale, shift, *y = o.y + c * plane;
        mean_and_deviation(o, c, from, plane, w.sums + c * w.images, w.images);
        scale_and_shift(o, c, scale, shift);
        for (long i = 0; i < plane; i += LANES) {
            Floats value = load(from + i) * scale + shift;
            if (o.rectified_output) value = rectified(value);
            if (o.adds_output) value += load(y + i);
            store(y + i, value);
        }
    }
}

static void normalise_alone(const Operation& o, const Workspace& w) {
    const long plane = pixels_out(o) * w.images;
    for (int c = 0; c < o.channels_out; c++)
        for (long image = 0; image < w.images; image += LANES) {
            Floats sum = {};
            for (long i = image; i < plane; i += w.images) sum += load(o.x + c * plane + i);
            store(w.sums + c * w.images + image, sum);
        }
    normalise(o, o.x, w);
}

// The gradient of z, with margins, and those of gamma and beta. Whether a rectified output was positive is worked out
// anew.
template <bool RECTIFIED>
static void normalise_back_as(const Operation& o, const float* z, float* to, Margin m, long images) {
    const long plane = pixels_out(o) * images, row = o.columns_out * images, wide = row + (m.left + m.right) * images;
    for (int c = 0; c < o.channels_out; c++) {
        const float *from = z + c * plane, *dy = o.dy + c * plane, mean = o.saved[c],
                    deviation = o.saved[o.channels_out + c];
        float scale, shift;
        scale_and_shift(o, c, scale, shift);
        Floats sums[2] = {}, products[2] = {};
        in_turn(plane, [&](long i, int k) {
            Floats value = load(from + i), gradient = load(dy + i);
            if (RECTIFIED) gradient = gated(value * scale + shift, gradient);
            sums[k] += gradient;
            products[k] += gradient * (value - mean);
        });
        const double sum = exact_total(sums[0] + sums[1]), product = exact_total(products[0] + products[1]);
        if (o.dbeta) o.dbeta[c] = sum;
        if (o.dgamma) o.dgamma[c] = product * deviation;
        const float mean_gradient = sum / plane, slope = (float)(product / plane) * deviation * deviation;
        clear(to, m.above * wide);
        to += m.above * wide;
        for (int r = 0; r < o.rows_out; r++) {
            clear(to, m.left * images);
            to += m.left * images;
            for (long i = 0; i < row; i += LANES) {
                Floats value = load(from + i), gradient = load(dy + i);
                if (RECTIFIED) gradient = gated(value * scale + shift, gradient);
                store(to + i, (gradient - mean_gradient - (value - mean) * slope) * scale);
            }
            from += row;
            dy += row;
            to += row;
            clear(to, m.right * images);
            to += m.right * images;
        }
        clear(to, m.below * wide);
        to += m.below * wide;
    }
}

static void normalise_back(const Operation& o, const float* z, float* to, Margin m, long images) {
    if (o.rectified_output)
        normalise_back_as<true>(o, z, to, m, images);
    else
        normalise_back_as<false>(o, z, to, m, images);
}

static void normalise_alone_back(const Operation& o, const Workspace& w) {
    const long count = o.channels_out * pixels_out(o) * w.images;
    const bool aside = o.adds_gradient || !o.dx;
    normalise_back(o, o.x, aside ? w.gradient : o.dx, Margin{}, w.images);
    if (o.dx && o.adds_gradient)
        for (long i = 0; i < count; i += LANES) store(o.dx + i, load(o.dx + i) + load(w.gradient + i));
}
