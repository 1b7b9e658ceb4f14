// Features to picture: a 1×1 convolution with styles to a few channels, bias and clamp, and the picture so far of half
// the size, up-sampled by two and added. One pass over the features, which are nearly all the traffic there is.
//
// A block takes 32·VECTOR pixels of a sample. Its warps share out the channels of x, a lane has VECTOR neighbouring
// pixels; the warps' sums are added in their order.
//
// -DX_TYPE, -DVECTOR (1, or 4 where planes are aligned), -DOUT_CHANNELS
#ifndef X_TYPE // a variant that stands for the others where nobody chooses one
#define X_TYPE half_t
#define VECTOR 4
#define OUT_CHANNELS 3
#endif
#include "grid.cuh"

constexpr int THREADS = 256;
constexpr int WARPS = THREADS / 32;
constexpr int TILE = 32 * VECTOR;
constexpr int MOST_TAPS = 64;

struct ToRgbParams {
    const X_TYPE* x;     // [N, c, height, width]
    const float* weight; // [O, c]
    const float* styles; // [N, c]
    const float* bias;   // [O], or null
    const float* skip;   // [N, O, skip_height, skip_width], or null
    float* y;            // [N, O, height, width]
    long long plane;     // height·width
    int c, width;
    int skip_height, skip_width;
    int tiles;           // of a sample
    int taps_y, taps_x, pad_y, pad_x;
    float clamp;         // infinite for none
    float fir[MOST_TAPS]; // to correlate with
};

// Pixel (y, x) of the picture that has zeros between the skip's samples, filtered; a zero is never touched.
DEVICE float upsampled(const ToRgbParams& p, const float* skip, int y, int x) {
    const int from_y = y - p.pad_y;
    const int from_x = x - p.pad_x;
    float sum = 0.0f;
    for (int i = from_y & 1; i < p.taps_y; i += 2) {
        const int row = (from_y + i) / 2;
        if (from_y + i < 0 || row >= p.skip_height) {
            continue;
        }
        for (int j = from_x & 1; j < p.taps_x; j += 2) {
            const int column = (from_x + j) / 2;
            if (from_x + j >= 0 && column < p.skip_width) {
                sum = fmaf(p.fir[i * p.taps_x + j], skip[row * p.skip_width + column], sum);
            }
        }
    }
    return sum;
}

// Left to itself, ptxas aims at more blocks and spills.
KERNEL_OCCUPANCY(to_rgb, ToRgbParams, THREADS, 4) {
    DYNAMIC_SHARED(float, shared);
    float* const weights = shared;                   // [c][OUT_CHANNELS], styles multiplied in
    float* const sums = shared + p.c * OUT_CHANNELS; // [WARPS][OUT_CHANNELS][TILE]
    const int sample = blockIdx.x / p.tiles;
    const long long first = static_cast<long long>(blockIdx.x % p.tiles) * TILE;
    const int lane = threadIdx.x % 32;
    const int warp = threadIdx.x / 32;
    for (int i = threadIdx.x; i < p.c * OUT_CHANNELS; i += THREADS) {
        const int channel = i / OUT_CHANNELS;
        weights[i] = p.weight[i % OUT_CHANNELS * p.c + channel] * p.styles[sample * p.c + channel];
    }
    __syncthreads();
    float sum[OUT_CHANNELS][VECTOR] = {};
    if (first + lane * VECTOR < p.plane) {
        const X_TYPE* x = p.x + (static_cast<long long>(sample) * p.c + warp) * p.plane + first + lane * VECTOR;
#pragma unroll 4
        for (int channel = warp; channel < p.c; channel += WARPS) {
            const Pack<X_TYPE, VECTOR> pixels = *reinterpret_cast<const Pack<X_TYPE, VECTOR>*>(x);
#pragma unroll
            for (int o = 0; o < OUT_CHANNELS; o++) {
#pragma unroll
                for (int k = 0; k < VECTOR; k++) {
                    sum[o][k] = fmaf(to_float(pixels.v[k]), weights[channel * OUT_CHANNELS + o], sum[o][k]);
                }
            }
            x += WARPS * p.plane;
        }
    }
#pragma unroll
    for (int o = 0; o < OUT_CHANNELS; o++) {
#pragma unroll
        for (int k = 0; k < VECTOR; k++) {
            sums[(warp * OUT_CHANNELS + o) * TILE + lane * VECTOR + k] = sum[o][k];
        }
    }
    __syncthreads();
    for (int i = threadIdx.x; i < OUT_CHANNELS * TILE; i += THREADS) {
        const int o = i / TILE;
        const long long pixel = first + i % TILE;
        if (pixel >= p.plane) {
            continue;
        }
        float v = sums[i];
#pragma unroll
        for (int w = 1; w < WARPS; w++) {
            v += sums[w * OUT_CHANNELS * TILE + i];
        }
        v += p.bias == nullptr ? 0.0f : p.bias[o];
        v = v > p.clamp ? p.clamp : v < -p.clamp ? -p.clamp : v;
        const long long channel = static_cast<long long>(sample) * OUT_CHANNELS + o;
        if (p.skip != nullptr) {
            v += upsampled(p, p.skip + channel * p.skip_height * p.skip_width, static_cast<int>(pixel) / p.width,
                           static_cast<int>(pixel) % p.width);
        }
        p.y[channel * p.plane + pixel] = v;
    }
}
