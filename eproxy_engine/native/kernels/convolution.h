// Full convolutions, of one group of channels after the other: output, and gradients of input and weights.
#pragma once
#include "normalisation.h"
#include "sweep.h"
#include "weights.h"
#include "winograd.h"

INLINE bool pointwise(const Operation& o) {
    return o.kernel[0] * o.kernel[1] == 1 && o.stride[0] == 1 && o.stride[1] == 1 && !o.padding[0] && !o.padding[1];
}

static void convolve_by_winograd(const Operation& o, const Workspace& w, const float* x, long first, int inputs,
                                 int outputs) {
    const long images = w.images, row = o.columns_in * images, channel = o.rows_in * row;
    const Weights weights = {o.weight + first * inputs * 9, outputs, inputs, inputs * 9, 9, false};
    const Goal goal = {o.z + first * channel, channel, row, nullptr, o.normalised ? w.sums + first * images : nullptr};
    const Planes planes = {x, channel, row, o.rows_in, o.columns_in, 0};
    if (o.rectified_input)
        winograd<true, STORE>(o, w, planes, weights, goal);
    else
        winograd<false, STORE>(o, w, planes, weights, goal);
}

static void convolve_group(const Operation& o, const Workspace& w, int group, int inputs, int outputs,
                           const Taps& taps) {
    const long images = w.images, elements = taps.count;
    const float *x = o.x + group * inputs * pixels_in(o) * images, *input = x;
    const long first = group * outputs;
    bool rectify = o.rectified_input;
    if (by_winograd(o, inputs, outputs)) return convolve_by_winograd(o, w, x, first, inputs, outputs);
    if (o.padding[0] || o.padding[1]) {
        pad_input(o, x, inputs, w);
        input = w.padded;
        rectify = false;
    }
    const long columns = o.columns_in + 2 * o.padding[1], rows = o.rows_in + 2 * o.padding[0];
    pack(o.weight + first * inputs * elements, outputs, inputs, inputs * elements, elements, taps, w.packed);
    Sweep s = {input,
               rows * columns * images,
               columns * images,
               o.stride[1] * images,
               o.stride[0],
               taps,
               inputs,
               w.packed,
               o.rows_out,
               o.columns_out,
               o.z + first * pixels_out(o) * images,
               pixels_out(o) * images,
               o.columns_out * images,
               images,
               nullptr,
               nullptr};
    if (o.normalised) s.sums = w.sums + first * images;
    if (pointwise(o)) merge_rows(s, pixels_out(o), images);
    if (rectify)
        sweep<true, STORE>(s, outputs, images);
    else
        sweep<false, STORE>(s, outputs, images);
}

static void convolve(const Operation& o, const Workspace& w) {
    if (o.normalised) clear(w.sums, o.channels_out * w.images);
    const Taps taps = forward_taps(o, w.images);
    for (int group = 0; group < o.groups; group++)
        convolve_group(o, w, group, o.channels_in / o.groups, o.channels_out / o.groups, taps);
    if (o.bias) add_bias(o, w.images);
    if (o.normalised) normalise(o, o.z, w);
}

// --- backward, from a gradient of the output with margins

// The gradient of one group, as Winograd's algorithm sees it: its margin is one pixel wide.
INLINE Planes gradient_planes(const Operation& o, const float* gradient, long images) {
    const long row = (o.columns_out + 2) * images;
    return {gradient + row + images, (o.rows_out + 2) * row, row, o.rows_out, o.columns_out, 1};
}

static void back_to_input_by_winograd(const Operation& o, const Workspace& w, const float* gradient, const float* x,
                                      const float* weight, int inputs, int outputs, float* to) {
    const long images = w.images, row = o.columns_in * images, channel = o.rows_in * row;
    const Weights weights = {weight, inputs, outputs, 9, inputs * 9, true};
    const Goal goal = {to, channel, row, o.rectified_input ? x : nullptr, nullptr};
    const Planes planes = gradient_planes(o, gradient, images);
    if (o.adds_gradient)
        winograd<false, GRADIENT_SUM>(o, w, planes, weights, goal);
    else
        winograd<false, GRADIENT>(o, w, planes, weights, goal);
}

static void back_to_weights(const Operation& o, const Workspace& w, const float* gradient, Margin m, const float* x,
                            int inputs, int outputs, float* to) {
    const long images = w.images;
    if (weights_by_winograd(o, inputs, outputs)) {
        const long row = o.columns_in * images;
        const Planes planes = {x, o.rows_in * row, row, o.rows_in, o.columns_in, 0};
        return winograd_weights(o, w, planes, gradient_planes(o, gradient, images), inputs, outputs, to);
    }
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
        weight_gradient(first, channel, row, input, channel, row, images, 1, taps, inputs, outputs, 1, pixels_out(o),
                        to, w);
    else
        weight_gradient(first, channel, row, input, rows * columns * images, columns * images, o.stride[1] * images,
                        o.stride[0], taps, inputs, outputs, o.rows_out, o.columns_out, to, w);
}

static void back_to_input(const Operation& o, const Workspace& w, const float* gradient, Margin m, const float* x,
                          const float* weight, int inputs, int outputs, float* to) {
    if (by_winograd(o, inputs, outputs))
        return back_to_input_by_winograd(o, w, gradient, x, weight, inputs, outputs, to);
    const long images = w.images, elements = o.kernel[0] * o.kernel[1];
    const long row = (o.columns_out + m.left + m.right) * images, channel = (o.rows_out + m.above + m.below) * row;
    for (int down = 0; down < o.stride[0] && down < o.rows_in; down++)
        for (int right = 0; right < o.stride[1] && right < o.columns_in; right++) {
            const Taps taps = backward_taps(o, down, right, m, images);
            pack(weight, inputs, outputs, elements, inputs * elements, taps, w.packed);
            const long at = ((long)down * o.columns_in + right) * images;
            Sweep s = {gradient,
                       channel,
                       row,
                       images,
                       1,
                       taps,
                       outputs,
                       w.packed,
                       (o.rows_in - down + o.stride[0] - 1) / o.stride[0],
                       (o.columns_in - right + o.stride[1] - 1) / o.stride[1],
                       to + at,
                       pixels_in(o) * images,
                       o.columns_in * images * o.stride[0],
                       images * o.stride[1],
                       o.rectified_input ? x + at : nullptr,
                       nullptr};
            if (pointwise(o) && m.none()) merge_rows(s, pixels_in(o), images);
            if (o.adds_gradient)
                sweep<false, GRADIENT_SUM>(s, inputs, images);
            else
                sweep<false, GRADIENT>(s, inputs, images);
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
            back_to_input(o, w, of_group, m, x, o.weight + group * elements, inputs, outputs,
                          o.dx + group * inputs * pixels_in(o) * w.images);
    }
}
