// Several elementwise functions in one pass over arrays of any strides.
// -DINPUTS: how many arrays are read
// -DSCALARS: how many numbers come as parameters, two for each function of one array
// -DCHAIN: the function of x[0] ... and of the scalars s, written by Chain.java
#ifndef CHAIN // a chain that stands for the others where nobody chooses one: the gradient of the logistic function
#define INPUTS 2
#define SCALARS 2
#define CHAIN \
    float v2 = unary(UNARY_AFFINE, x[0], s[0], s[1]); \
    float v3 = binary(BINARY_MULTIPLY, x[0], v2); \
    return binary(BINARY_MULTIPLY, x[1], v3);
#endif
#include "grid.cuh"
#include "strided.cuh"
#include "function.cuh"

struct Chain {
    const float* x[INPUTS];
    float* y;
    Layout<INPUTS + 1> layout;
    float s[SCALARS];
};

DEVICE float chain(const float (&x)[INPUTS], const float (&s)[SCALARS]) { CHAIN }

template <int A>
DEVICE void load_inputs(const Chain& p, const Group<INPUTS + 1>& g, float (&x)[4][INPUTS]) {
    if constexpr (A < INPUTS) {
        float v[4];
        load_group<A>(p.layout, g, p.x[A], v);
        for (int k = 0; k < 4; k++) {
            x[k][A] = v[k];
        }
        load_inputs<A + 1>(p, g, x);
    }
}

KERNEL(chain_map, Chain, 256) {
    float x[4][INPUTS];
    float y[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<INPUTS + 1> g = group_of(p.layout, i);
        load_inputs<0>(p, g, x);
#pragma unroll
        for (int k = 0; k < 4; k++) {
            y[k] = chain(x[k], p.s);
        }
        store_group<INPUTS>(p.layout, g, p.y, y);
    }
}
