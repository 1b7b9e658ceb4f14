// Patches of a picture in shared memory, pixel by pixel with a chunk of channels inside, multiplied by the styles.
// -DX_TYPE
#pragma once
#include "tile.cuh"

// Where a pixel of the patch comes from: element of x (negative for padding) and of the styles in shared memory.
struct Origin {
    int x, style;
};

// Reads one pixel's slot of channels, from `at` on and as many as are `left`: zeros where the pixel is none.
DEVICE void load_slot(X_TYPE (&numbers)[SLOT_NUMBERS], const X_TYPE* at, bool inside, int left, long long plane) {
#pragma unroll
    for (int k = 0; k < SLOT_NUMBERS; k++) {
        numbers[k] = inside && k < left ? *at : X_TYPE {};
        at += plane;
    }
}

// Writes a slot to shared memory, multiplied by its channels' factors.
DEVICE void store_slot(const X_TYPE (&numbers)[SLOT_NUMBERS], const float* factors, unsigned char* slot) {
    float values[SLOT_NUMBERS];
#pragma unroll
    for (int k = 0; k < SLOT_NUMBERS; k += 4) {
        const float4 four = *reinterpret_cast<const float4*>(factors + k);
        values[k] = to_float(numbers[k]) * four.x;
        values[k + 1] = to_float(numbers[k + 1]) * four.y;
        values[k + 2] = to_float(numbers[k + 2]) * four.z;
        values[k + 3] = to_float(numbers[k + 3]) * four.w;
    }
    *reinterpret_cast<uint4*>(slot) = to_slot(values);
}

// One slot of every LOAD_ROWS-th pixel of a patch, on its way from memory to shared memory, piece by piece.
template <int BLOCK, int COUNT>
struct PatchLoader {
    static constexpr int LOAD_ROWS = BLOCK / SLOTS;

    const X_TYPE* const x;       // of the tile's first sample
    const float* const styles;   // [samples of the tile][channels, rounded up to chunks], in shared memory
    const Origin* const origins; // of each pixel, in shared memory
    const long long plane;       // elements between channels of x
    const int channels;          // of x
    const int rows;              // pixels of the patch
    X_TYPE numbers[COUNT][SLOT_NUMBERS];

    static DEVICE int channel() { return threadIdx.x / LOAD_ROWS * SLOT_NUMBERS; }

    DEVICE void load(int chunk, int piece) {
        const X_TYPE* const first = x + (chunk * CHUNK + channel()) * plane;
        const int left = channels - chunk * CHUNK - channel();
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            const int row = threadIdx.x % LOAD_ROWS + (piece + i) * LOAD_ROWS;
            const int from = row < rows ? origins[row].x : -1;
            load_slot(numbers[i], first + from, from >= 0, left, plane);
        }
    }

    DEVICE void store(int chunk, int piece, unsigned char* patch) const {
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            const int row = threadIdx.x % LOAD_ROWS + (piece + i) * LOAD_ROWS;
            if (row < rows) {
                store_slot(numbers[i], styles + origins[row].style + chunk * CHUNK + channel(),
                           patch + row * ROW_BYTES + channel() / SLOT_NUMBERS * 16);
            }
        }
    }
};
