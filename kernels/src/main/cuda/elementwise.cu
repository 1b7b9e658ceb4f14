// Elementwise functions of one, two and three arrays of any strides.
// -DA_TYPE, -DB_TYPE, -DY_TYPE of binary functions
#ifndef A_TYPE // a variant that stands for the others where nobody chooses one
#define A_TYPE float
#define B_TYPE float
#define Y_TYPE float
#endif
#include "grid.cuh"
#include "strided.cuh"
#include "math.cuh"

DEVICE float larger(float a, float b) { return a != a || b != b ? a + b : fmaxf(a, b); }
DEVICE float smaller(float a, float b) { return a != a || b != b ? a + b : fminf(a, b); }

DEVICE float unary(int op, float x, float a, float b) {
    switch (op) {
        case UNARY_AFFINE: return fmaf(a, x, b);
        case UNARY_ABS: return fabsf(x);
        case UNARY_SIGN: return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
        case UNARY_SQUARE: return x * x;
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
        case UNARY_LEAKY_RELU: return x > 0 ? x : a * x;
        case UNARY_FLOOR: return floorf(x);
        case UNARY_ROUND: return rintf(x);
        case UNARY_GREATER: return x > a ? 1.0f : 0.0f;
        default: return a <= x && x <= b ? 1.0f : 0.0f; // UNARY_BETWEEN
    }
}

DEVICE float binary(int op, float a, float b) {
    switch (op) {
        case BINARY_ADD: return a + b;
        case BINARY_SUBTRACT: return a - b;
        case BINARY_MULTIPLY: return a * b;
        case BINARY_DIVIDE: return a / b;
        case BINARY_POWER: return powf(a, b);
        case BINARY_MAXIMUM: return larger(a, b);
        case BINARY_MINIMUM: return smaller(a, b);
        case BINARY_GREATER: return a > b ? 1.0f : 0.0f;
        case BINARY_GREATER_EQUAL: return a >= b ? 1.0f : 0.0f;
        default: return a == b ? 1.0f : 0.0f; // BINARY_EQUAL
    }
}

struct Unary {
    const float* x;
    float* y;
    Layout<2> layout;
    float a;
    float b;
    int op;
};

KERNEL(unary_map, Unary, 256) {
    float v[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<2> g = group_of(p.layout, i);
        load_group<0>(p.layout, g, p.x, v);
        for (int k = 0; k < 4; k++) {
            v[k] = unary(p.op, v[k], p.a, p.b);
        }
        store_group<1>(p.layout, g, p.y, v);
    }
}

struct Binary {
    const A_TYPE* a;
    const B_TYPE* b;
    Y_TYPE* y;
    Layout<3> layout;
    int op;
};

KERNEL(binary_map, Binary, 256) {
    float a[4];
    float b[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<3> g = group_of(p.layout, i);
        load_converted<0>(p.layout, g, p.a, a);
        load_converted<1>(p.layout, g, p.b, b);
        for (int k = 0; k < 4; k++) {
            a[k] = binary(p.op, a[k], b[k]);
        }
        store_converted<2, Y_TYPE>(p.layout, g, p.y, a);
    }
}

struct Where {
    const float* condition;
    const float* a;
    const float* b;
    float* y;
    Layout<4> layout;
};

KERNEL(where_map, Where, 256) {
    float condition[4];
    float a[4];
    float b[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<4> g = group_of(p.layout, i);
        load_group<0>(p.layout, g, p.condition, condition);
        load_group<1>(p.layout, g, p.a, a);
        load_group<2>(p.layout, g, p.b, b);
        for (int k = 0; k < 4; k++) {
            a[k] = condition[k] != 0 ? a[k] : b[k];
        }
        store_group<3>(p.layout, g, p.y, a);
    }
}
