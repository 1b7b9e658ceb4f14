// Bilinear samples at the points of a grid, zeros outside, and the adjoint.
#include "grid.cuh"

constexpr int THREADS = 256;
// Channels that a thread of the adjoint sums at once.
constexpr int CHANNELS = 4;

struct GridSampleParams {
    const float* x;            // dy in the adjoint
    const float* grid;         // dense [N, points, 2]
    float* y;                  // dx in the adjoint
    const int* starts;         // buckets of points by cell: adjoint only
    const int* items;
    int* keys;
    long long stride[4];       // of x
    long long grid_points;      // N * points
    int samples;
    int channels;
    int height;                // of the picture
    int width;
    int point_height;           // of the grid
    int point_width;
    int align_corners;
};

// A point between the pixels (left, top) and (left + 1, top + 1), and its distances from the first.
struct Spot {
    float left;
    float top;
    float right;
    float bottom;
};

// Written with unfused operations: a different rounding could put a point into the next cell. Without branches: NVRTC
// 12.6 never ends on a loop around them.
DEVICE float pixel(float coordinate, int size, int align_corners) {
    float shifted = __fadd_rn(coordinate, 1.0f);
    float scale = align_corners ? (float) (size - 1) : (float) size;
    float shift = align_corners ? 0.0f : -1.0f;
    return __fmul_rn(__fadd_rn(__fmul_rn(shifted, scale), shift), 0.5f);
}

DEVICE Spot spot_of(const GridSampleParams& p, long long point) {
    float px = pixel(p.grid[2 * point], p.width, p.align_corners);
    float py = pixel(p.grid[2 * point + 1], p.height, p.align_corners);
    float left = floorf(px);
    float top = floorf(py);
    return {left, top, px - left, py - top};
}

DEVICE float corner_weight(const Spot& spot, int corner) {
    return (corner & 1 ? spot.right : 1.0f - spot.right) * (corner & 2 ? spot.bottom : 1.0f - spot.bottom);
}

KERNEL(grid_sample, GridSampleParams, THREADS) {
    int points = p.point_height * p.point_width;
    int point = blockIdx.x * THREADS + threadIdx.x;
    if (point >= points) {
        return;
    }
    for (int n = blockIdx.z; n < p.samples; n += gridDim.z) {
        Spot spot = spot_of(p, (long long) n * points + point);
        long long place[4];
        float weight[4];
#pragma unroll
        for (int corner = 0; corner < 4; corner++) {
            float cx = spot.left + (float) (corner & 1);
            float cy = spot.top + (float) (corner >> 1);
            bool inside = cx >= 0.0f && cx < (float) p.width && cy >= 0.0f && cy < (float) p.height;
            place[corner] = inside ? (long long) cy * p.stride[2] + (long long) cx * p.stride[3] : -1;
            weight[corner] = corner_weight(spot, corner);
        }
        for (int c = blockIdx.y; c < p.channels; c += gridDim.y) {
            const float* x = p.x + n * p.stride[0] + c * p.stride[1];
            float sum = 0.0f;
#pragma unroll
            for (int corner = 0; corner < 4; corner++) {
                if (place[corner] >= 0) {
                    sum = fmaf(weight[corner], x[place[corner]], sum);
                }
            }
            p.y[((long long) n * p.channels + c) * points + point] = sum;
        }
    }
}

// The cell of each point: 1 + top and 1 + left among (height + 1) by (width + 1) cells of its sample.
KERNEL(grid_cells, GridSampleParams, THREADS) {
    for (long long i = global_thread(); i < p.grid_points; i += global_threads()) {
        Spot spot = spot_of(p, i);
        bool near = spot.left >= -1.0f && spot.left < (float) p.width && spot.top >= -1.0f
                && spot.top < (float) p.height;
        int n = (int) (i / (p.point_height * p.point_width));
        p.keys[i] = near ? (n * (p.height + 1) + (int) spot.top + 1) * (p.width + 1) + (int) spot.left + 1 : -1;
    }
}

// Each pixel gathers from the points of the four cells around it.
KERNEL(grid_sample_input_gradient, GridSampleParams, THREADS) {
    int pixels = p.height * p.width;
    int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= pixels) {
        return;
    }
    int row = pixel / p.width;
    int column = pixel % p.width;
    int points = p.point_height * p.point_width;
    for (int n = blockIdx.z; n < p.samples; n += gridDim.z) {
        for (int first = blockIdx.y * CHANNELS; first < p.channels; first += gridDim.y * CHANNELS) {
            float sums[CHANNELS] = {};
#pragma unroll
            for (int corner = 3; corner >= 0; corner--) {
                int cell = (n * (p.height + 1) + row + 1 - (corner >> 1)) * (p.width + 1) + column + 1 - (corner & 1);
                for (int t = p.starts[cell]; t < p.starts[cell + 1]; t++) {
                    int item = p.items[t];
                    float weight = corner_weight(spot_of(p, item), corner);
                    int point = item - n * points;
                    const float* x = p.x + n * p.stride[0] + point / p.point_width * p.stride[2]
                            + point % p.point_width * p.stride[3];
#pragma unroll
                    for (int k = 0; k < CHANNELS; k++) {
                        if (first + k < p.channels) {
                            sums[k] = fmaf(weight, x[(first + k) * p.stride[1]], sums[k]);
                        }
                    }
                }
            }
#pragma unroll
            for (int k = 0; k < CHANNELS; k++) {
                if (first + k < p.channels) {
                    p.y[((long long) n * p.channels + first + k) * pixels + pixel] = sums[k];
                }
            }
        }
    }
}
