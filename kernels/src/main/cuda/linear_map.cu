// A sparse matrix along one axis of a dense array seen as [outer, axis, inner].
#include "grid.cuh"

constexpr int THREADS = 256;

struct LinearMapParams {
    const float* x;
    float* y;
    const int* starts;
    const int* columns;
    const float* weights;
    long long count;  // elements of y (vectors of four in linear_map_vectors)
    long long inner;  // elements (or vectors) behind the axis
    int inputs;
    int outputs;
};

KERNEL(linear_map_elements, LinearMapParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        long long row = i / p.inner;
        int output = (int) (row % p.outputs);
        const float* x = p.x + row / p.outputs * p.inputs * p.inner + i % p.inner;
        float sum = 0.0f;
        for (int t = p.starts[output]; t < p.starts[output + 1]; t++) {
            sum = fmaf(p.weights[t], x[p.columns[t] * p.inner], sum);
        }
        p.y[i] = sum;
    }
}

// inner is a multiple of four, x and y are aligned; each thread makes a vector of four.
KERNEL(linear_map_vectors, LinearMapParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        long long row = i / p.inner;
        int output = (int) (row % p.outputs);
        const float4* x = (const float4*) p.x + row / p.outputs * p.inputs * p.inner + i % p.inner;
        float4 sum = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        for (int t = p.starts[output]; t < p.starts[output + 1]; t++) {
            float w = p.weights[t];
            float4 v = x[p.columns[t] * p.inner];
            sum = make_float4(fmaf(w, v.x, sum.x), fmaf(w, v.y, sum.y), fmaf(w, v.z, sum.z), fmaf(w, v.w, sum.w));
        }
        ((float4*) p.y)[i] = sum;
    }
}
