// Largest value in each window and its place in the plane. A NaN is larger than anything.
#include "grid.cuh"
#include "math.cuh"

constexpr int THREADS = 256;

struct MaxPoolParams {
    const float* x;
    float* y;
    int* indices;
    long long stride[4];
    long long planes;
    int channels;
    int height;
    int width;
    int out_height;
    int out_width;
    int kernel_y;
    int kernel_x;
    int stride_y;
    int stride_x;
    int pad_y;
    int pad_x;
    int dilation_y;
    int dilation_x;
};

// How far the first tap inside lies behind a window's start.
DEVICE int skipped(int start, int dilation) {
    return start >= 0 ? 0 : (-start + dilation - 1) / dilation * dilation;
}

KERNEL(max_pool2d, MaxPoolParams, THREADS) {
    int pixels = p.out_height * p.out_width;
    int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= pixels) {
        return;
    }
    int top = pixel / p.out_width * p.stride_y - p.pad_y;
    int left = pixel % p.out_width * p.stride_x - p.pad_x;
    int first_y = top + skipped(top, p.dilation_y);
    int first_x = left + skipped(left, p.dilation_x);
    int end_y = min(p.height, top + p.dilation_y * (p.kernel_y - 1) + 1);
    int end_x = min(p.width, left + p.dilation_x * (p.kernel_x - 1) + 1);
    for (long long plane = blockIdx.y; plane < p.planes; plane += gridDim.y) {
        const float* x = p.x + plane / p.channels * p.stride[0] + plane % p.channels * p.stride[1];
        float best = -infinity();
        int place = first_y * p.width + first_x;
        for (int i = first_y; i < end_y; i += p.dilation_y) {
            for (int j = first_x; j < end_x; j += p.dilation_x) {
                float v = x[i * p.stride[2] + j * p.stride[3]];
                if (v > best || v != v) {
                    best = v;
                    place = i * p.width + j;
                }
            }
        }
        p.y[plane * pixels + pixel] = best;
        p.indices[plane * pixels + pixel] = place;
    }
}
