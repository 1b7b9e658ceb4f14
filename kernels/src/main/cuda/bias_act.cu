// Bias, activation, gain and clamp in one pass, and the derivatives of that.
#include "grid.cuh"
#include "activation.cuh"

constexpr int THREADS = 256;
// Vectors of four that a thread has in flight.
constexpr int VECTORS = 4;

struct BiasActParams {
    const float* x;
    const float* bias;  // null for none
    float* y;
    long long count;
    long long inner;    // elements that share a bias in a row
    int channels;
    int function;
    float alpha;
    float gain;
    float bound;        // infinite without a clamp
};

DEVICE float forward(const BiasActParams& p, float x, float bias) {
    float v = activation(p.function, p.alpha, x + bias) * p.gain;
    return v > p.bound ? p.bound : v < -p.bound ? -p.bound : v;
}

// Four neighbours share a bias: inner is a multiple of four, and x and y are aligned.
KERNEL(bias_act_vectors, BiasActParams, THREADS) {
    long long count = p.count / 4;
    long long inner = p.inner / 4;
    long long first = (long long) blockIdx.x * (THREADS * VECTORS) + threadIdx.x;
    float4 x[VECTORS];
#pragma unroll
    for (int k = 0; k < VECTORS; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            x[k] = ((const float4*) p.x)[i];
        }
    }
#pragma unroll
    for (int k = 0; k < VECTORS; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            float bias = p.bias ? p.bias[i / inner % p.channels] : 0.0f;
            ((float4*) p.y)[i] = make_float4(forward(p, x[k].x, bias), forward(p, x[k].y, bias),
                                             forward(p, x[k].z, bias), forward(p, x[k].w, bias));
        }
    }
}

KERNEL(bias_act_elements, BiasActParams, THREADS) {
    long long first = (long long) blockIdx.x * (THREADS * VECTORS) + threadIdx.x;
#pragma unroll
    for (int k = 0; k < VECTORS; k++) {
        long long i = first + k * THREADS;
        if (i < p.count) {
            p.y[i] = forward(p, p.x[i], p.bias ? p.bias[i / p.inner % p.channels] : 0.0f);
        }
    }
}

struct BiasActGradientParams {
    const float* a;
    const float* b;          // null for order 1
    const float* reference;
    const float* bias;       // null for none
    float* y;
    long long count;
    long long inner;
    int channels;
    int function;
    int order;
    int from_output;
    int by_sign;              // order 1 of a piecewise linear function: the output's sign tells the slope
    float alpha;             // slope below zero when by_sign
    float gain;
    float bound;
};

DEVICE float derivative(const BiasActGradientParams& p, float a, float b, float reference, float bias) {
    float x = reference + bias;
    if (p.by_sign) {
        float output = p.from_output ? reference : activation(p.function, p.alpha, x) * p.gain;
        float slope = output * copysignf(1.0f, p.gain) > 0.0f ? p.gain : p.gain * p.alpha;
        return fabsf(output) >= p.bound ? 0.0f : a * slope;
    }
    float f = p.from_output ? (1.0f / p.gain) * reference : activation(p.function, p.alpha, x);
    float output = p.from_output ? reference : f * p.gain;
    float slope = p.order == 1 ? activation_slope(p.function, p.alpha, x, f) : activation_curvature(p.function, x, f);
    if (p.b) {
        slope *= b;
    }
    return fabsf(output) >= p.bound ? 0.0f : a * slope * p.gain;
}

KERNEL(bias_act_gradient_vectors, BiasActGradientParams, THREADS) {
    long long count = p.count / 4;
    long long inner = p.inner / 4;
    long long first = (long long) blockIdx.x * (THREADS * 2) + threadIdx.x;
    float4 a[2];
    float4 b[2];
    float4 r[2];
#pragma unroll
    for (int k = 0; k < 2; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            a[k] = ((const float4*) p.a)[i];
            r[k] = ((const float4*) p.reference)[i];
            b[k] = p.b ? ((const float4*) p.b)[i] : make_float4(1.0f, 1.0f, 1.0f, 1.0f);
        }
    }
#pragma unroll
    for (int k = 0; k < 2; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            float bias = p.bias ? p.bias[i / inner % p.channels] : 0.0f;
            ((float4*) p.y)[i] = make_float4(
                    derivative(p, a[k].x, b[k].x, r[k].x, bias), derivative(p, a[k].y, b[k].y, r[k].y, bias),
                    derivative(p, a[k].z, b[k].z, r[k].z, bias), derivative(p, a[k].w, b[k].w, r[k].w, bias));
        }
    }
}

KERNEL(bias_act_gradient_elements, BiasActGradientParams, THREADS) {
    long long first = (long long) blockIdx.x * (THREADS * 2) + threadIdx.x;
#pragma unroll
    for (int k = 0; k < 2; k++) {
        long long i = first + k * THREADS;
        if (i < p.count) {
            float bias = p.bias ? p.bias[i / p.inner % p.channels] : 0.0f;
            p.y[i] = derivative(p, p.a[i], p.b ? p.b[i] : 1.0f, p.reference[i], bias);
        }
    }
}
