// Picking along an axis by index, and the sums that are its adjoint (see buckets.cu). Elements are words of 32 bits.
#include "grid.cuh"
#include "fault.cuh"

constexpr int THREADS = 256;

struct GatherParams {
    const int* x;
    const int* index;
    int* y;
    Fault* fault;
    long long count;           // words of y
    long long step;            // of the axis in x
    long long size[8];         // of y, merged; the last dimension runs fastest
    long long x_stride[8];      // zero for the axis
    long long index_stride[8];
    int rank;
    int axis_size;
    int operation;             // for the fault
};

struct Place {
    long long x;
    long long index;
};

DEVICE Place place_of(const GatherParams& p, long long i) {
    Place place = {0, 0};
    for (int d = p.rank - 1; d > 0; d--) {
        long long rest = i / p.size[d];
        long long at = i - rest * p.size[d];
        place.x += at * p.x_stride[d];
        place.index += at * p.index_stride[d];
        i = rest;
    }
    place.x += i * p.x_stride[0];
    place.index += i * p.index_stride[0];
    return place;
}

KERNEL(gather_elements, GatherParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        Place place = place_of(p, i);
        int row = p.index[place.index];
        p.y[i] = inside(row, p.axis_size, p.fault, p.operation) ? p.x[place.x + row * p.step] : 0;
    }
}

// Four neighbours share an index and lie together: count, sizes and strides count vectors, and all is aligned.
KERNEL(gather_vectors, GatherParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        Place place = place_of(p, i);
        int row = p.index[place.index];
        ((int4*) p.y)[i] = inside(row, p.axis_size, p.fault, p.operation) ? ((const int4*) p.x)[place.x + row * p.step]
                                                            : make_int4(0, 0, 0, 0);
    }
}

struct ScatterKeysParams {
    const int* index;
    int* keys;
    Fault* fault;
    long long count;
    long long inner;
    int length;     // of the axis in x
    int axis_size;  // of the axis in y
    int operation;
};

// The element of y that each element of x [outer, length, inner] is added to.
KERNEL(scatter_keys, ScatterKeysParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        int row = p.index[i];
        long long outer = i / p.inner / p.length;
        p.keys[i] = inside(row, p.axis_size, p.fault, p.operation)
                ? (int) ((outer * p.axis_size + row) * p.inner + i % p.inner) : -1;
    }
}

struct IndexKeysParams {
    const int* index;
    int* keys;
    Fault* fault;
    long long stride;
    int length;
    int axis_size;
    int operation;
};

KERNEL(index_keys, IndexKeysParams, THREADS) {
    for (long long i = global_thread(); i < p.length; i += global_threads()) {
        int row = p.index[i * p.stride];
        p.keys[i] = inside(row, p.axis_size, p.fault, p.operation) ? row : -1;
    }
}

struct AddBucketsParams {
    const float* x;
    const int* starts;
    const int* items;
    float* y;
    long long count;  // elements of y
    long long inner;
    int length;
    int axis_size;
};

// Each element of y has a bucket of elements of x.
KERNEL(add_elements, AddBucketsParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        float sum = 0.0f;
        for (int t = p.starts[i]; t < p.starts[i + 1]; t++) {
            sum += p.x[p.items[t]];
        }
        p.y[i] = sum;
    }
}

// Each row of y [outer, axis_size, inner] has a bucket of rows of x [outer, length, inner].
KERNEL(add_rows, AddBucketsParams, THREADS) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        long long row = i / p.inner;
        int bucket = (int) (row % p.axis_size);
        const float* x = p.x + row / p.axis_size * p.length * p.inner + i % p.inner;
        float sum = 0.0f;
        for (int t = p.starts[bucket]; t < p.starts[bucket + 1]; t++) {
            sum += x[p.items[t] * p.inner];
        }
        p.y[i] = sum;
    }
}
