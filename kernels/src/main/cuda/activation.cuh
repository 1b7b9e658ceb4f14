// The activation functions of bias_act and their first two derivatives, from the input x and the output f. A product that
// is f stays one: where f is added to, a compiler would round but once, and differ from the CPU.
#pragma once
#include "math.cuh"
#include "ops.cuh"

// Scale and alpha*scale of SELU (Klambauer et al. 2017).
constexpr float SELU_SCALE = 1.05070098735548049f;
constexpr float SELU_ALPHA_SCALE = 1.75809934084737686f;

DEVICE float activation(int function, float alpha, float x) {
    switch (function) {
        case ACTIVATION_RELU: return x > 0.0f ? x : 0.0f;
        case ACTIVATION_LRELU: return x > 0.0f ? x : alpha * x;
        case ACTIVATION_TANH: return hyperbolic_tangent(x);
        case ACTIVATION_SIGMOID: return logistic(x);
        case ACTIVATION_ELU: return x >= 0.0f ? x : exponential_minus1(x);
        case ACTIVATION_SELU: return x >= 0.0f ? SELU_SCALE * x : __fmul_rn(SELU_ALPHA_SCALE, exponential_minus1(x));
        case ACTIVATION_SOFTPLUS: return softplus(x);
        case ACTIVATION_SWISH: return x * logistic(x);
        default: return x;
    }
}

DEVICE float activation_slope(int function, float alpha, float x, float f) {
    switch (function) {
        case ACTIVATION_RELU: return f > 0.0f ? 1.0f : 0.0f;
        case ACTIVATION_LRELU: return f > 0.0f ? 1.0f : alpha;
        case ACTIVATION_TANH: return fmaf(-f, f, 1.0f);
        case ACTIVATION_SIGMOID: return f * (1.0f - f);
        case ACTIVATION_ELU: return f >= 0.0f ? 1.0f : f + 1.0f;
        case ACTIVATION_SELU: return f >= 0.0f ? SELU_SCALE : f + SELU_ALPHA_SCALE;
        case ACTIVATION_SOFTPLUS: return -exponential_minus1(-f);
        case ACTIVATION_SWISH: {
            float s = logistic(x);
            return s * fmaf(x, 1.0f - s, 1.0f);
        }
        default: return 1.0f;
    }
}

DEVICE float activation_curvature(int function, float x, float f) {
    switch (function) {
        case ACTIVATION_TANH: return -2.0f * f * fmaf(-f, f, 1.0f);
        case ACTIVATION_SIGMOID: return f * (1.0f - f) * fmaf(-2.0f, f, 1.0f);
        case ACTIVATION_ELU: return f >= 0.0f ? 0.0f : f + 1.0f;
        case ACTIVATION_SELU: return f >= 0.0f ? 0.0f : f + SELU_ALPHA_SCALE;
        case ACTIVATION_SOFTPLUS: {
            float e = -exponential_minus1(-f);
            return e * (1.0f - e);
        }
        case ACTIVATION_SWISH: {
            float s = logistic(x);
            return s * (1.0f - s) * fmaf(x, fmaf(-2.0f, s, 1.0f), 2.0f);
        }
        default: return 0.0f;
    }
}
