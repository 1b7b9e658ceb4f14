// The end of a convolution whose sums lie in memory: adds the parts of a split sum in their order, filters the wide
// picture of an up-sampling, and applies the epilogue.
//
// -DX_TYPE, -DY_TYPE, -DACTIVATION, and for the filter -DTAPS_Y, -DTAPS_X and -DSEPARABLE (the filter is column·row).
#ifndef ACTIVATION // a variant that stands for the others where nobody chooses one
#define X_TYPE float
#define Y_TYPE float
#define ACTIVATION 2
#define TAPS_Y 4
#define TAPS_X 4
#define SEPARABLE 1
#endif
#include "epilogue.cuh"

#ifndef TAPS_Y
#define TAPS_Y 1
#define TAPS_X 1
#define SEPARABLE 0
#endif

constexpr int THREADS = 256;

struct FinishParams {
    const X_TYPE* sums; // [splits, N, O, wide_height, wide_width]
    Y_TYPE* y;          // [N, O, height, width]
    EpilogueParams epilogue;
    long long split_stride;
    int splits;
    int n, o, height, width;
    int wide_height, wide_width;
    int pad_y, pad_x;                 // row y of the result is filtered from row y - pad_y on
    float fir[TAPS_Y * TAPS_X];       // to correlate with
    float column[TAPS_Y], row[TAPS_X]; // its factors, if separable
};

DEVICE float total(const FinishParams& p, long long at) {
    float sum = to_float(p.sums[at]);
    for (int split = 1; split < p.splits; split++) {
        sum += to_float(p.sums[split * p.split_stride + at]);
    }
    return sum;
}

// Without a filter.
KERNEL(finish, FinishParams, THREADS) {
    const long long plane = static_cast<long long>(p.height) * p.width;
    const long long count = plane * p.n * p.o;
    // A 64-bit division is a call, and what lives across it would spill: not in the loop.
    const long long step = global_threads();
    const int channels_on = static_cast<int>(step / plane);
    const long long pixels_on = step % plane;
    int channel = static_cast<int>(global_thread() / plane);
    long long pixel = global_thread() % plane;
    for (long long i = global_thread(); i < count; i += step) {
        const ChannelEpilogue epilogue(p.epilogue, channel / p.o, channel % p.o);
        p.y[i] = from_float<Y_TYPE>(epilogue.finish(total(p, i), pixel));
        pixel += pixels_on;
        channel += channels_on;
        if (pixel >= plane) {
            pixel -= plane;
            channel++;
        }
    }
}

constexpr int TILE_WIDTH = 32;
constexpr int TILE_HEIGHT = 64;
constexpr int RUN = TILE_HEIGHT / (THREADS / TILE_WIDTH);
constexpr int PATCH_WIDTH = TILE_WIDTH + TAPS_X - 1;
constexpr int PATCH_HEIGHT = TILE_HEIGHT + TAPS_Y - 1;

// With a filter: a tile of one plane a block, a column of RUN pixels a thread.
KERNEL(finish_filtered, FinishParams, THREADS) {
    DYNAMIC_SHARED(float, patch);
    const int tiles_x = (p.width + TILE_WIDTH - 1) / TILE_WIDTH;
    const int first_x = blockIdx.x % tiles_x * TILE_WIDTH;
    const int first_y = blockIdx.x / tiles_x * TILE_HEIGHT;
    const long long wide_plane = static_cast<long long>(p.wide_height) * p.wide_width;
    // int: a 64-bit division would be a call, and what lives across it would spill
    for (int channel = blockIdx.y; channel < p.n * p.o; channel += gridDim.y) {
        __syncthreads();
        for (int i = threadIdx.x; i < PATCH_WIDTH * PATCH_HEIGHT; i += THREADS) {
            const int y = first_y + i / PATCH_WIDTH - p.pad_y;
            const int x = first_x + i % PATCH_WIDTH - p.pad_x;
            const bool inside = y >= 0 && y < p.wide_height && x >= 0 && x < p.wide_width;
            patch[i] = inside ? total(p, channel * wide_plane + static_cast<long long>(y) * p.wide_width + x) : 0.0f;
        }
        __syncthreads();
        const int x = first_x + threadIdx.x % TILE_WIDTH;
        const int run = threadIdx.x / TILE_WIDTH * RUN;
        const float* const from = patch + run * PATCH_WIDTH + threadIdx.x % TILE_WIDTH;
        float sums[RUN] = {};
#pragma unroll
        for (int i = 0; i < RUN + TAPS_Y - 1; i++) {
            if (SEPARABLE) {
                float line = 0;
#pragma unroll
                for (int j = 0; j < TAPS_X; j++) {
                    line = fmaf(from[i * PATCH_WIDTH + j], p.row[j], line);
                }
#pragma unroll
                for (int k = 0; k < TAPS_Y; k++) {
                    if (i - k >= 0 && i - k < RUN) {
                        sums[i - k] = fmaf(line, p.column[k], sums[i - k]);
                    }
                }
            } else {
#pragma unroll
                for (int j = 0; j < TAPS_X; j++) {
                    const float v = from[i * PATCH_WIDTH + j];
#pragma unroll
                    for (int k = 0; k < TAPS_Y; k++) {
                        if (i - k >= 0 && i - k < RUN) {
                            sums[i - k] = fmaf(v, p.fir[k * TAPS_X + j], sums[i - k]);
                        }
                    }
                }
            }
        }
        if (x < p.width) {
            const ChannelEpilogue epilogue(p.epilogue, channel / p.o, channel % p.o);
            Y_TYPE* const y_plane = p.y + static_cast<long long>(channel) * p.height * p.width;
#pragma unroll
            for (int i = 0; i < RUN; i++) {
                const int y = first_y + run + i;
                if (y < p.height) {
                    const long long pixel = static_cast<long long>(y) * p.width + x;
                    y_plane[pixel] = from_float<Y_TYPE>(epilogue.finish(sums[i], pixel));
                }
            }
        }
    }
}
