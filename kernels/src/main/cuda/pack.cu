// Weights in the form conv.cu copies: [chunks][taps][rows] of 64 bytes along K, zeros beyond its end.
// -DPRECISION
#ifndef PRECISION // a variant that stands for the others where nobody chooses one
#define PRECISION 2
#endif
#include "tile.cuh"

constexpr int MAX_TAPS = 64;

struct PackParams {
    const float* weight;
    uint4* packed;
    long long row_stride, depth_stride; // elements of the weight between rows and along K
    int rows, depth;
    int chunks, taps;
    int tap[MAX_TAPS]; // element of the kernel
};

KERNEL(pack, PackParams, 256) {
    const long long slots = static_cast<long long>(p.chunks) * p.taps * p.rows * SLOTS;
    for (long long i = global_thread(); i < slots; i += global_threads()) {
        const long long row = i / SLOTS;
        const int chunk = static_cast<int>(row / p.rows / p.taps);
        const float* const from = p.weight + row % p.rows * p.row_stride + p.tap[row / p.rows % p.taps];
        float values[SLOT_NUMBERS];
#pragma unroll
        for (int k = 0; k < SLOT_NUMBERS; k++) {
            const int at = chunk * CHUNK + static_cast<int>(i % SLOTS) * SLOT_NUMBERS + k;
            values[k] = at < p.depth ? from[at * p.depth_stride] : 0.0f;
        }
        p.packed[i] = to_slot(values);
    }
}
