// Mean over places of the squared difference of feature vectors of unit length, each channel scaled; and its gradient.
// A block takes 32 neighbouring places through all channels: what the norms have read is still in cache when the
// differences read it again, so that device memory is read once.
#include "grid.cuh"

constexpr int PLACES = 32;
// Channels that a block reads at a time, one a warp.
constexpr int WARPS = 8;
constexpr int THREADS = PLACES * WARPS;

struct FeatureDistanceParams {
    const float* a;
    const float* b;
    const float* scale;
    const float* dy;      // gradient only
    float* y;             // a part for each block, or da
    long long sample_a;   // elements between samples
    long long sample_b;
    long long sample_dy;
    long long places;
    int samples;
    int channels;
    float epsilon;
};

// The sum over the block's warps of what they give for a place, in the order of the warps.
DEVICE float sum_over_warps(float value) {
    __shared__ float given[WARPS][PLACES];
    int place = threadIdx.x % PLACES;
    given[threadIdx.x / PLACES][place] = value;
    __syncthreads();
    float sum = 0.0f;
#pragma unroll
    for (int warp = 0; warp < WARPS; warp++) {
        sum += given[warp][place];
    }
    __syncthreads();
    return sum;
}

// A block's place in one sample.
struct Spot {
    const float* a;
    const float* b;
    long long at;   // in the sample's first channel
    bool inside;
    float unit_a;   // one over the vectors' lengths
    float unit_b;
};

DEVICE Spot spot_of(const FeatureDistanceParams& p, int n) {
    Spot s;
    s.at = (long long) blockIdx.x * PLACES + threadIdx.x % PLACES;
    s.inside = s.at < p.places;
    s.a = p.a + n * p.sample_a + s.at;
    s.b = p.b + n * p.sample_b + s.at;
    float sum_a = 0.0f;
    float sum_b = 0.0f;
    if (s.inside) {
#pragma unroll 4
        for (int c = threadIdx.x / PLACES; c < p.channels; c += WARPS) {
            float a = s.a[c * p.places];
            float b = s.b[c * p.places];
            sum_a = fmaf(a, a, sum_a);
            sum_b = fmaf(b, b, sum_b);
        }
    }
    s.unit_a = 1.0f / sqrtf(sum_over_warps(sum_a) + p.epsilon);
    s.unit_b = 1.0f / sqrtf(sum_over_warps(sum_b) + p.epsilon);
    return s;
}

// The product and the difference stay apart, so that equal vectors differ by nothing.
DEVICE float unit(float value, float factor) {
    return __fmul_rn(value, factor);
}

KERNEL(feature_distance_parts, FeatureDistanceParams, THREADS) {
    for (int n = blockIdx.y; n < p.samples; n += gridDim.y) {
        Spot s = spot_of(p, n);
        float sum = 0.0f;
        if (s.inside) {
#pragma unroll 4
            for (int c = threadIdx.x / PLACES; c < p.channels; c += WARPS) {
                float difference = p.scale[c]
                        * (unit(s.a[c * p.places], s.unit_a) - unit(s.b[c * p.places], s.unit_b));
                sum = fmaf(difference, difference, sum);
            }
        }
        sum = sum_over_warps(sum);
        for (int step = PLACES / 2; step > 0; step /= 2) {
            sum += __shfl_xor_sync(FULL_WARP, sum, step);
        }
        if (threadIdx.x == 0) {
            p.y[(long long) n * gridDim.x + blockIdx.x] = sum;
        }
    }
}

// With u and v of unit length and g = scale^2*(u - v): da = dy*2/places * (g - u*(u.g)) / |a|.
KERNEL(feature_distance_gradient, FeatureDistanceParams, THREADS) {
    for (int n = blockIdx.y; n < p.samples; n += gridDim.y) {
        Spot s = spot_of(p, n);
        float dot = 0.0f;
        if (s.inside) {
#pragma unroll 4
            for (int c = threadIdx.x / PLACES; c < p.channels; c += WARPS) {
                float u = unit(s.a[c * p.places], s.unit_a);
                float g = p.scale[c] * p.scale[c] * (u - unit(s.b[c * p.places], s.unit_b));
                dot = fmaf(u, g, dot);
            }
        }
        dot = sum_over_warps(dot);
        if (s.inside) {
            float factor = (float) (2.0 * p.dy[n * p.sample_dy] / (double) p.places) * s.unit_a;
            float* da = p.y + (long long) n * p.channels * p.places + s.at;
#pragma unroll 4
            for (int c = threadIdx.x / PLACES; c < p.channels; c += WARPS) {
                float u = unit(s.a[c * p.places], s.unit_a);
                float g = p.scale[c] * p.scale[c] * (u - unit(s.b[c * p.places], s.unit_b));
                da[c * p.places] = (g - u * dot) * factor;
            }
        }
    }
}

struct SumPartsParams {
    const float* parts;   // [samples, count]
    float* y;
    long long count;
    double divisor;
};

// One block for each sample.
KERNEL(feature_distance_sum, SumPartsParams, THREADS) {
    __shared__ double sums[THREADS];
    const float* parts = p.parts + blockIdx.x * p.count;
    double sum = 0.0;
    for (long long i = threadIdx.x; i < p.count; i += THREADS) {
        sum += parts[i];
    }
    sums[threadIdx.x] = sum;
    for (unsigned step = THREADS / 2; step > 0; step /= 2) {
        __syncthreads();
        if (threadIdx.x < step) {
            sums[threadIdx.x] += sums[threadIdx.x + step];
        }
    }
    if (threadIdx.x == 0) {
        p.y[blockIdx.x] = (float) (sums[0] / p.divisor);
    }
}
