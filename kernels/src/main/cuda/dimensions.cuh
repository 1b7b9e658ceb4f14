// Offsets of the elements of strided arrays, one index at a time.
#pragma once
#include "grid.cuh"

// Merged dimensions of which the last runs fastest. Written by Dimensions.java.
template <int ARRAYS>
struct Dimensions {
    long long size[8];
    long long stride[ARRAYS][8];
    long long rank;
};

template <int ARRAYS>
struct Offsets {
    long long at[ARRAYS];
};

template <int ARRAYS>
DEVICE Offsets<ARRAYS> offsets_of(const Dimensions<ARRAYS>& dims, long long index) {
    Offsets<ARRAYS> o = {};
    for (int d = static_cast<int>(dims.rank) - 1; d > 0; d--) {
        long long next = index / dims.size[d];
        long long i = index - next * dims.size[d];
        for (int k = 0; k < ARRAYS; k++) {
            o.at[k] += i * dims.stride[k][d];
        }
        index = next;
    }
    for (int k = 0; k < ARRAYS; k++) {
        o.at[k] += index * dims.stride[k][0];
    }
    return o;
}
