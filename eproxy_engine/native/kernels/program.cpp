// A network as a list of operations: forward, backward, loss and update (Li et al., 2022, §2.1, A.1).
#include "convolution.h"
#include "depthwise.h"
#include "normalisation.h"
#include "planes.h"

#ifndef SOURCE
#define SOURCE ""
#endif

static void carry_out(const Operation& o, const Workspace& w) {
    const long inputs = o.channels_in * pixels_in(o) * w.images;
    switch (o.kind) {
        case CONVOLUTION:
            return convolve(o, w);
        case CONVOLUTION_BACK:
            return convolve_back(o, w);
        case DEPTHWISE:
            return depthwise(o, w);
        case DEPTHWISE_BACK:
            return depthwise_back(o, w);
        case NORMALISATION:
            return normalise_alone(o, w);
        case NORMALISATION_BACK:
            return normalise_alone_back(o, w);
        case POOLING:
            return pool(o, w);
        case POOLING_BACK:
            return pool_back(o, w);
        case RESIZING:
            return resize(o, w);
        case RESIZING_BACK:
            return resize_back(o, w);
        case WINDOW:
            return move_window<false>(o, w);
        case WINDOW_BACK:
            return move_window<true>(o, w);
        case RECTIFIER:
            return rectify(o, w);
        case RECTIFIER_BACK:
            return rectify_back(o, w);
        case COPY:
            return copy(o.x, o.y, inputs, o.adds_output);
        case COPY_BACK:
            return copy(o.dy, o.dx, inputs, o.adds_gradient);
        case CLEAR:
            return clear(o.y, o.channels_out * pixels_out(o) * w.images);
    }
}

extern "C" {

// Digest of the source that this library was built from.
const char* eproxy_source() { return SOURCE; }

void eproxy_run(const Operation* operations, int count, const Workspace* workspace) {
    for (int i = 0; i < count; i++) carry_out(operations[i], *workspace);
}

// The mean squared error, rounded to a float as torch's is, and its gradient.
float eproxy_loss(const float* y, const float* target, float* gradient, long count) {
    double sum = 0;
    const float factor = 2.0f / count;
    for (long start = 0; start < count; start += 128) {
        Floats squares = {};
        for (long i = start; i < count && i < start + 128; i += LANES) {
            Floats difference = load(y + i) - load(target + i);
            squares += difference * difference;
            store(gradient + i, difference * factor);
        }
        sum += exact_total(squares);
    }
    return sum / count;
}

struct Parameter {
    float *value, *gradient, *velocity;
    int64_t count;
    float weight_decay;
};

// One update by gradient descent with momentum; `first`: there are no velocities yet.
void eproxy_descend(const Parameter* parameters, int count, float learning_rate, float momentum, int first) {
    for (int k = 0; k < count; k++) {
        const Parameter& p = parameters[k];
        for (int64_t i = 0; i < p.count; i++) {
            float gradient = p.gradient[i] + p.weight_decay * p.value[i];
            float velocity = first ? gradient : momentum * p.velocity[i] + gradient;
            p.velocity[i] = velocity;
            p.value[i] -= learning_rate * velocity;
        }
    }
}
}
