// What a fused convolution does to each sum before storing it: see stylegan4j.kernels.Epilogue. -DACTIVATION is the
// ordinal of its function.
#pragma once
#include "grid.cuh"
#include "activation.cuh"

struct EpilogueParams {
    const float* demodulation; // [N, O], or null
    const float* noise;        // [1 or N, 1, height, width], or null
    const float* strength;
    const float* bias;         // [O], or null
    long long noise_sample;    // elements between samples of the noise, 0 for one sample
    int channels;
    float alpha;
    float gain;
    float clamp; // infinite for none
};

// Activation, gain and clamp.
DEVICE float activated(const EpilogueParams& p, float v) {
    v = activation(ACTIVATION, p.alpha, v) * p.gain;
    v = v > p.clamp ? p.clamp : v;
    return v < -p.clamp ? -p.clamp : v;
}

DEVICE float demodulation_of(const EpilogueParams& p, int sample, int channel) {
    return p.demodulation == nullptr ? 1.0f : p.demodulation[static_cast<long long>(sample) * p.channels + channel];
}

DEVICE float bias_of(const EpilogueParams& p, int channel) {
    return p.bias == nullptr ? 0.0f : p.bias[channel];
}

DEVICE float noise_at(const EpilogueParams& p, int sample, long long pixel) {
    return p.noise == nullptr ? 0.0f : p.noise[sample * p.noise_sample + pixel] * *p.strength;
}

// The factors of one output channel of one sample.
struct ChannelEpilogue {
    const EpilogueParams& p;
    const int sample;
    const float scale;
    const float bias;

    DEVICE ChannelEpilogue(const EpilogueParams& p, int sample, int channel)
            : p(p), sample(sample), scale(demodulation_of(p, sample, channel)), bias(bias_of(p, channel)) {
    }

    DEVICE float finish(float v, long long pixel) const {
        return activated(p, fmaf(v, scale, noise_at(p, sample, pixel)) + bias);
    }
};
