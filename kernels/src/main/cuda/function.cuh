// Functions of one and two numbers, as our enums list them. Every one rounds its result, also where several follow one
// another: nothing is contracted.
#pragma once
#include "ops.cuh"
#include "math.cuh"

DEVICE float larger(float a, float b) { return a != a || b != b ? a + b : fmaxf(a, b); }
DEVICE float smaller(float a, float b) { return a != a || b != b ? a + b : fminf(a, b); }

DEVICE float unary(int op, float x, float a, float b) {
    switch (op) {
        case UNARY_AFFINE: return fmaf(a, x, b);
        case UNARY_ABS: return fabsf(x);
        case UNARY_SIGN: return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
        case UNARY_SQUARE: return __fmul_rn(x, x);
        case UNARY_SQRT: return sqrtf(x);
        case UNARY_RSQRT: return 1 / sqrtf(x);
        case UNARY_RECIPROCAL: return 1 / x;
        case UNARY_EXP: return exponential(x);
        case UNARY_LOG: return logarithm(x);
        case UNARY_SIN: return sine(x, 0);
        case UNARY_COS: return sine(x, 1);
        case UNARY_TANH: return hyperbolic_tangent(x);
        case UNARY_SIGMOID: return logistic(x);
        case UNARY_SOFTPLUS: return softplus(x);
        case UNARY_POWER: return powf(x, a);
        case UNARY_CLAMP: return x < a ? a : x > b ? b : x;
        case UNARY_LEAKY_RELU: return x > 0 ? x : __fmul_rn(a, x);
        case UNARY_FLOOR: return floorf(x);
        case UNARY_ROUND: return rintf(x);
        case UNARY_GREATER: return x > a ? 1.0f : 0.0f;
        default: return a <= x && x <= b ? 1.0f : 0.0f; // UNARY_BETWEEN
    }
}

DEVICE float binary(int op, float a, float b) {
    switch (op) {
        case BINARY_ADD: return __fadd_rn(a, b);
        case BINARY_SUBTRACT: return __fadd_rn(a, -b);
        case BINARY_MULTIPLY: return __fmul_rn(a, b);
        case BINARY_DIVIDE: return a / b;
        case BINARY_POWER: return powf(a, b);
        case BINARY_MAXIMUM: return larger(a, b);
        case BINARY_MINIMUM: return smaller(a, b);
        case BINARY_GREATER: return a > b ? 1.0f : 0.0f;
        case BINARY_GREATER_EQUAL: return a >= b ? 1.0f : 0.0f;
        default: return a == b ? 1.0f : 0.0f; // BINARY_EQUAL
    }
}
