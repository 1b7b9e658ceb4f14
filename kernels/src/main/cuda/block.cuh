// What the threads of a warp or a block make of their values together, in an order that depends on nothing else.
#pragma once
#include "grid.cuh"

// All lanes get the result; `lanes` is a power of two, and groups of that many combine among themselves.
template <class T, class Combine>
DEVICE T warp_reduce(T value, const Combine& combine, int lanes = 32) {
    for (int step = lanes / 2; step > 0; step /= 2) {
        value = combine(value, __shfl_xor_sync(FULL_WARP, value, step));
    }
    return value;
}

// All threads get the result. Blocks are rows of whole warps; every thread of the block must come here.
template <class T, class Combine>
DEVICE T block_reduce(T value, const Combine& combine) {
    __shared__ T of_warp[32];
    value = warp_reduce(value, combine);
    int warps = blockDim.x / 32;
    if (threadIdx.x % 32 == 0) {
        of_warp[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = of_warp[0];
    for (int i = 1; i < warps; i++) {
        value = combine(value, of_warp[i]);
    }
    __syncthreads();
    return value;
}

struct Sum {
    template <class T>
    DEVICE T operator()(T a, T b) const { return a + b; }
};

// The larger; NaN if there is one.
struct Larger {
    template <class T>
    DEVICE T operator()(T a, T b) const { return a != a ? a : b != b ? b : a > b ? a : b; }
};
