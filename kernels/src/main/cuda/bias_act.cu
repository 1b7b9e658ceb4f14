// Bias, activation, gain and clamp in one pass, and the derivatives of that.
// -DA_TYPE, -DREFERENCE_TYPE, -DY_TYPE of the derivatives
#ifndef A_TYPE // a variant that stands for the others where nobody chooses one
#define A_TYPE float
#define REFERENCE_TYPE float
#define Y_TYPE float
#endif
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
    const A_TYPE* a;
    const float* b;          // null for order 1
    const REFERENCE_TYPE* reference;
    const float* bias;       // null for none
    Y_TYPE* y;
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
    float f = p.from_output ? __fmul_rn(1.0f / p.gain, reference) : activation(p.function, p.alpha, x);
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
    Pack<A_TYPE, 4> a[2];
    Pack<float, 4> b[2];
    Pack<REFERENCE_TYPE, 4> r[2];
#pragma unroll
    for (int k = 0; k < 2; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            a[k] = reinterpret_cast<const Pack<A_TYPE, 4>*>(p.a)[i];
            r[k] = reinterpret_cast<const Pack<REFERENCE_TYPE, 4>*>(p.reference)[i];
            b[k] = p.b ? reinterpret_cast<const Pack<float, 4>*>(p.b)[i] : Pack<float, 4> {1.0f, 1.0f, 1.0f, 1.0f};
        }
    }
#pragma unroll
    for (int k = 0; k < 2; k++) {
        long long i = first + k * THREADS;
        if (i < count) {
            float bias = p.bias ? p.bias[i / inner % p.channels] : 0.0f;
            Pack<Y_TYPE, 4> y;
#pragma unroll
            for (int j = 0; j < 4; j++) {
                y.v[j] = from_float<Y_TYPE>(derivative(p, to_float(a[k].v[j]), b[k].v[j], to_float(r[k].v[j]), bias));
            }
            reinterpret_cast<Pack<Y_TYPE, 4>*>(p.y)[i] = y;
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
            p.y[i] = from_float<Y_TYPE>(derivative(p, to_float(p.a[i]), p.b ? p.b[i] : 1.0f,
                                                   to_float(p.reference[i]), bias));
        }
    }
}
