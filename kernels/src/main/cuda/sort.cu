// Stable order of rows by bitonic sorting of keys that are all different: the value as an ordered integer in the upper
// half, the place in the lower.
#include "grid.cuh"

constexpr int THREADS = 256;
// Keys that a block sorts in shared memory.
constexpr int TILE = 2048;

struct SortParams {
    const float* x;
    long long* keys;  // [rows, padded], of rows longer than a tile
    int* y;
    long long rows;
    int length;
    int padded;       // length rounded up to a power of two, at least two
    int descending;
    int run;          // length of the runs that a merging step makes
    int distance;     // between the two keys that a thread compares
};

// An integer that orders as the float does; both zeros are equal, NaN is last.
DEVICE long long key_of(const SortParams& p, float value, int place) {
    int key = 0x7fffffff;
    if (value == value) {
        int bits = __float_as_int(value + 0.0f);
        key = bits >= 0 ? bits : bits ^ 0x7fffffff;
        key = p.descending ? ~key : key;
    }
    return (long long) ((unsigned long long) (unsigned) key << 32 | (unsigned) place);
}

DEVICE long long key_at(const SortParams& p, long long row, int place) {
    return place < p.length ? key_of(p, p.x[row * p.length + place], place) : 0x7fffffffffffffffll;
}

// Orders one pair of keys; base is the place of keys[0] in its row.
DEVICE void exchange(long long* keys, int base, int pair, int run, int distance) {
    int low = pair / distance * 2 * distance + pair % distance;
    bool up = ((base + low) & run) == 0;
    long long a = keys[low];
    long long b = keys[low + distance];
    if ((a > b) == up) {
        keys[low] = b;
        keys[low + distance] = a;
    }
}

// Whole rows of at most a tile, one a block.
KERNEL(sort_rows, SortParams, THREADS) {
    __shared__ long long keys[TILE];
    for (long long row = blockIdx.x; row < p.rows; row += gridDim.x) {
        for (int i = threadIdx.x; i < p.padded; i += THREADS) {
            keys[i] = key_at(p, row, i);
        }
        for (int run = 2; run <= p.padded; run *= 2) {
            for (int distance = run / 2; distance > 0; distance /= 2) {
                __syncthreads();
                for (int pair = threadIdx.x; pair < p.padded / 2; pair += THREADS) {
                    exchange(keys, 0, pair, run, distance);
                }
            }
        }
        __syncthreads();
        for (int i = threadIdx.x; i < p.length; i += THREADS) {
            p.y[row * p.length + i] = (int) keys[i];
        }
        __syncthreads();
    }
}

// Long rows: blocks along x, rows along y.
KERNEL(make_keys, SortParams, THREADS) {
    int i = blockIdx.x * THREADS + threadIdx.x;
    for (long long row = blockIdx.y; row < p.rows; row += gridDim.y) {
        p.keys[row * p.padded + i] = key_at(p, row, i);
    }
}

// All steps of a run with distances inside a tile, from run/2 or half a tile down.
DEVICE void finish_tile(long long* keys, int base, int run) {
    for (int distance = min(run, TILE) / 2; distance > 0; distance /= 2) {
        __syncthreads();
        for (int pair = threadIdx.x; pair < TILE / 2; pair += THREADS) {
            exchange(keys, base, pair, run, distance);
        }
    }
    __syncthreads();
}

// Makes runs of a tile (run 0), or finishes the merge of a longer run.
KERNEL(sort_tiles, SortParams, THREADS) {
    __shared__ long long keys[TILE];
    int base = blockIdx.x * TILE;
    for (long long row = blockIdx.y; row < p.rows; row += gridDim.y) {
        long long* source = p.keys + row * p.padded + base;
        for (int i = threadIdx.x; i < TILE; i += THREADS) {
            keys[i] = source[i];
        }
        if (p.run == 0) {
            for (int run = 2; run <= TILE; run *= 2) {
                finish_tile(keys, base, run);
            }
        } else {
            finish_tile(keys, base, p.run);
        }
        for (int i = threadIdx.x; i < TILE; i += THREADS) {
            source[i] = keys[i];
        }
        __syncthreads();
    }
}

// One step of a merge over distances longer than a tile.
KERNEL(merge_tiles, SortParams, THREADS) {
    int pair = blockIdx.x * THREADS + threadIdx.x;
    for (long long row = blockIdx.y; row < p.rows; row += gridDim.y) {
        exchange(p.keys + row * p.padded, 0, pair, p.run, p.distance);
    }
}

KERNEL(take_order, SortParams, THREADS) {
    int i = blockIdx.x * THREADS + threadIdx.x;
    if (i < p.length) {
        for (long long row = blockIdx.y; row < p.rows; row += gridDim.y) {
            p.y[row * p.length + i] = (int) p.keys[row * p.padded + i];
        }
    }
}
