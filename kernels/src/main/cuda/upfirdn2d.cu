// Zero insertion, padding, FIR filter and decimation in one pass, which never touches an inserted zero.
// -DX_TYPE, -DY_TYPE
#ifndef X_TYPE // a variant that stands for the others where nobody chooses one
#define X_TYPE float
#define Y_TYPE float
#endif
#include "grid.cuh"

constexpr int THREADS = 256;
// Output rows that a thread filters at once.
constexpr int STRIP = 8;

struct UpfirdnParams {
    const X_TYPE* x;
    const float* taps;      // [taps_y, taps_x] in the order of correlation; upfirdn2d_any only
    Y_TYPE* y;
    long long stride[4];    // of x
    long long planes;
    int channels;
    int height;
    int width;
    int out_height;
    int out_width;
    int up_y;
    int up_x;
    int down_y;
    int down_x;
    int pad_y;
    int pad_x;
    int taps_y;
    int taps_x;
    int tile_height;         // multiple of STRIP
    int tile_width;          // multiple of four
    int tile_planes;
    int tiles_y;
    int tiles_x;
    int vector_stores;       // whether rows of y are aligned
    float column[12];
    float row[12];
};

// A filter that is the outer product of a column and a row: first down the columns, from global memory into a tile of
// shared memory, then along the rows. Tiles of an up-sampling start where a sample lies, so that a thread's outputs
// always meet the same taps.
template <int UP, int DOWN, int TAPS>
DEVICE void separable(const UpfirdnParams& p) {
    constexpr int WINDOW = ((STRIP - 1) * DOWN + TAPS - 1) / UP + 1;
    constexpr int GROUP = (3 * DOWN + TAPS - 1) / UP + 1;
    constexpr int VECTOR = UP == 1 ? 4 : 2;
    constexpr int LOADS = (GROUP + VECTOR - 1) / VECTOR;
    DYNAMIC_SHARED(float, filtered);
    int columns = ((p.tile_width - 1) * DOWN + TAPS - 1) / UP + 1;
    int pitch = (columns + 3) / 4 * 4;
    int tile = blockIdx.x % (p.tiles_x * p.tiles_y);
    long long first_plane = (long long) (blockIdx.x / (p.tiles_x * p.tiles_y)) * p.tile_planes;
    int out_y = tile / p.tiles_x * p.tile_height - (UP == 2 ? p.pad_y & 1 : 0);
    int out_x = tile % p.tiles_x * p.tile_width - (UP == 2 ? p.pad_x & 1 : 0);
    int in_y = (out_y * DOWN - p.pad_y) / UP;
    int in_x = (out_x * DOWN - p.pad_x) / UP;

    int strips = p.tile_height / STRIP;
    for (int item = threadIdx.x; item < p.tile_planes * strips * columns; item += THREADS) {
        int column = item % columns;
        int strip = item / columns;
        long long plane = first_plane + strip / strips;
        int ix = in_x + column;
        int iy = in_y + strip % strips * (STRIP * DOWN / UP);
        bool inside = plane < p.planes && ix >= 0 && ix < p.width;
        // int: a 64-bit division would be a call, and what lives across it would spill
        int at = (int) plane;
        const X_TYPE* x = p.x + at / p.channels * p.stride[0] + at % p.channels * p.stride[1]
                + iy * p.stride[2] + ix * p.stride[3];
        float v[WINDOW];
#pragma unroll
        for (int i = 0; i < WINDOW; i++) {
            v[i] = inside && iy + i >= 0 && iy + i < p.height ? to_float(x[i * p.stride[2]]) : 0.0f;
        }
        float* to = filtered + strip * STRIP * pitch + column;
#pragma unroll
        for (int r = 0; r < STRIP; r++) {
            float sum = 0.0f;
            int phase = (UP - r * DOWN % UP) % UP;
#pragma unroll
            for (int t = phase; t < TAPS; t += UP) {
                sum = fmaf(p.column[t], v[(r * DOWN + t) / UP], sum);
            }
            to[r * pitch] = sum;
        }
    }
    __syncthreads();

    int groups = p.tile_width / 4;
    for (int item = threadIdx.x; item < p.tile_planes * p.tile_height * groups; item += THREADS) {
        int row = item / groups;
        int group = item % groups;
        long long plane = first_plane + row / p.tile_height;
        int oy = out_y + row % p.tile_height;
        int ox = out_x + 4 * group;
        if (plane >= p.planes || oy < 0 || oy >= p.out_height || ox >= p.out_width) {
            continue;
        }
        Pack<float, VECTOR> v[LOADS];
        const Pack<float, VECTOR>* from =
                reinterpret_cast<const Pack<float, VECTOR>*>(filtered + row * pitch + group * (4 * DOWN / UP));
#pragma unroll
        for (int i = 0; i < LOADS; i++) {
            v[i] = from[i];
        }
        Pack<Y_TYPE, 4> out;
#pragma unroll
        for (int k = 0; k < 4; k++) {
            float sum = 0.0f;
            int phase = (UP - k * DOWN % UP) % UP;
#pragma unroll
            for (int t = phase; t < TAPS; t += UP) {
                int at = (k * DOWN + t) / UP;
                sum = fmaf(p.row[t], v[at / VECTOR].v[at % VECTOR], sum);
            }
            out.v[k] = from_float<Y_TYPE>(sum);
        }
        Y_TYPE* y = p.y + (plane * p.out_height + oy) * p.out_width + ox;
        if (p.vector_stores && ox >= 0 && ox + 4 <= p.out_width) {
            *reinterpret_cast<Pack<Y_TYPE, 4>*>(y) = out;
        } else {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                if (ox + k >= 0 && ox + k < p.out_width) {
                    y[k] = out.v[k];
                }
            }
        }
    }
}

#define SEPARABLE(name, up, down, taps) \
    KERNEL(name, UpfirdnParams, THREADS) { separable<up, down, taps>(p); }

// The paper's filter has four taps, the augmentations' wavelet twelve.
SEPARABLE(upfirdn2d_filter4, 1, 1, 4)
SEPARABLE(upfirdn2d_up4, 2, 1, 4)
SEPARABLE(upfirdn2d_down4, 1, 2, 4)
// Left to itself, ptxas aims at more blocks and spills.
KERNEL_OCCUPANCY(upfirdn2d_filter12, UpfirdnParams, THREADS, 3) { separable<1, 1, 12>(p); }
SEPARABLE(upfirdn2d_up12, 2, 1, 12)
SEPARABLE(upfirdn2d_down12, 1, 2, 12)

DEVICE int ceil_divide(int a, int b) {
    return a >= 0 ? (a + b - 1) / b : -(-a / b);
}

// Any filter and any rates: a thread for each output.
KERNEL(upfirdn2d_any, UpfirdnParams, THREADS) {
    int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= p.out_height * p.out_width) {
        return;
    }
    int position_y = pixel / p.out_width * p.down_y - p.pad_y;
    int position_x = pixel % p.out_width * p.down_x - p.pad_x;
    int first_y = max(0, ceil_divide(position_y, p.up_y));
    int first_x = max(0, ceil_divide(position_x, p.up_x));
    int end_y = min(p.height, ceil_divide(position_y + p.taps_y, p.up_y));
    int end_x = min(p.width, ceil_divide(position_x + p.taps_x, p.up_x));
    for (long long plane = blockIdx.y; plane < p.planes; plane += gridDim.y) {
        const X_TYPE* x = p.x + plane / p.channels * p.stride[0] + plane % p.channels * p.stride[1];
        float sum = 0.0f;
        for (int i = first_y; i < end_y; i++) {
            const float* taps = p.taps + (i * p.up_y - position_y) * p.taps_x - position_x;
            float row_sum = 0.0f;
            for (int j = first_x; j < end_x; j++) {
                row_sum = fmaf(taps[j * p.up_x], to_float(x[i * p.stride[2] + j * p.stride[3]]), row_sum);
            }
            sum += row_sum;
        }
        p.y[plane * p.out_height * p.out_width + pixel] = from_float<Y_TYPE>(sum);
    }
}
