// Batch normalisation with the statistics of the batch, biases, and their gradients.
#pragma once
#include "vectors.h"

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

// Save mean and 1 / standard deviation of each channel of z, given the sums of each channel and image.
static void mean_and_deviation(const Operation& o, const Workspace& w) {
    const long plane = pixels_out(o) * w.images;
    for (int c = 0; c < o.channels_out; c++) {
        double sum = 0, squares = 0;
        for (long i = 0; i < w.images; i++) {
            sum += w.sums[c * w.images + i];
            squares += w.squares[c * w.images + i];
        }
        const double mean = sum / plane;
        double variance = squares / plane - mean * mean;
        if (variance < 0) variance = 0;
        o.saved[c] = mean;
        o.saved[o.channels_out + c] = 1 / __builtin_sqrt(variance + o.epsilon);
    }
}

// y = (z - mean) / deviation * gamma + beta, as z * scale + shift.
INLINE void scale_and_shift(const Operation& o, int c, float& scale, float& shift) {
    scale = o.gamma[c] * o.saved[o.channels_out + c];
    shift = o.beta[c] - o.saved[c] * scale;
}

static void normalise(const Operation& o, const float* z, long images) {
    const long plane = pixels_out(o) * images;
    for (int c = 0; c < o.channels_out; c++) {
        float scale, shift;
        scale_and_shift(o, c, scale, shift);
        const float* from = z + c * plane;
        float* y = o.y + c * plane;
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
            Floats sum = {}, squares = {};
            for (long i = image; i < plane; i += w.images) {
                Floats value = load(o.x + c * plane + i);
                sum += value;
                squares += value * value;
            }
            store(w.sums + c * w.images + image, sum);
            store(w.squares + c * w.images + image, squares);
        }
    mean_and_deviation(o, w);
    normalise(o, o.x, w.images);
}

// The gradient of z, with margins, and those of gamma and beta. Whether a rectified output was positive is worked out anew.
template <bool RECTIFIED>
static void normalise_back_as(const Operation& o, const float* z, float* to, Margin m, long images) {
    const long plane = pixels_out(o) * images, row = o.columns_out * images, wide = row + (m.left + m.right) * images;
    for (int c = 0; c < o.channels_out; c++) {
        const float *from = z + c * plane, *dy = o.dy + c * plane, mean = o.saved[c], deviation = o.saved[o.channels_out + c];
        float scale, shift;
        scale_and_shift(o, c, scale, shift);
        Floats sums[2] = {}, products[2] = {};
        for (long i = 0; i < plane; i += 2 * LANES)
            for (int k = 0; k < 2; k++) {  // 16 images of one pixel are at least one vector, or two
                if (LANES == 16 && k && i + LANES >= plane) break;
                Floats value = load(from + i + k * LANES), gradient = load(dy + i + k * LANES);
                if (RECTIFIED) gradient = gated(value * scale + shift, gradient);
                sums[k] += gradient;
                products[k] += gradient * (value - mean);
            }
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
    if (o.rectified_output) normalise_back_as<true>(o, z, to, m, images);
    else normalise_back_as<false>(o, z, to, m, images);
}

static void normalise_alone_back(const Operation& o, const Workspace& w) {
    const long count = o.channels_out * pixels_out(o) * w.images;
    float* to = o.adds_gradient ? w.gradient : o.dx;
    normalise_back(o, o.x, to, Margin{}, w.images);
    if (o.adds_gradient)
        for (long i = 0; i < count; i += LANES) store(o.dx + i, load(o.dx + i) + load(w.gradient + i));
}
