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

// The factors of one output channel of one sample.
struct ChannelEpilogue {
    const EpilogueParams& p;
    const float* noise;
    float scale;
    float bias;
    float strength;

    DEVICE ChannelEpilogue(const EpilogueParams& p, int sample, int channel)
            : p(p), noise(p.noise == nullptr ? nullptr : p.noise + sample * p.noise_sample),
              scale(p.demodulation == nullptr ? 1.0f
                      : p.demodulation[static_cast<long long>(sample) * p.channels + channel]),
              bias(p.bias == nullptr ? 0.0f : p.bias[channel]),
              strength(p.noise == nullptr ? 0.0f : *p.strength) {
    }

    DEVICE float finish(float v, long long pixel) const {
        v *= scale;
        if (noise != nullptr) {
            v = fmaf(noise[pixel], strength, v);
        }
        v = activation(ACTIVATION, p.alpha, v + bias) * p.gain;
        v = v > p.clamp ? p.clamp : v;
        return v < -p.clamp ? -p.clamp : v;
    }
};
