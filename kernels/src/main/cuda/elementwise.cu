// Elementwise functions of one, two and three arrays of any strides.
// -DA_TYPE, -DB_TYPE, -DY_TYPE of binary functions
#ifndef A_TYPE // a variant that stands for the others where nobody chooses one
#define A_TYPE float
#define B_TYPE float
#define Y_TYPE float
#endif
#include "grid.cuh"
#include "strided.cuh"
#include "function.cuh"

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
#pragma unroll
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
#pragma unroll
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
#pragma unroll
        for (int k = 0; k < 4; k++) {
            a[k] = condition[k] != 0 ? a[k] : b[k];
        }
        store_group<3>(p.layout, g, p.y, a);
    }
}
