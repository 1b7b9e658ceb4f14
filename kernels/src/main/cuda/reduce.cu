// Reductions over any set of dimensions. Sums are kept in double, so that their error does not grow with the length.
// An output whose elements are many is cut into segments, combined by a second kernel.
// -DA_TYPE, -DB_TYPE
#ifndef A_TYPE // a variant that stands for the others where nobody chooses one
#define A_TYPE float
#define B_TYPE float
#endif
#include "grid.cuh"
#include "ops.cuh"
#include "block.cuh"
#include "dimensions.cuh"

struct Reduce {
    const A_TYPE* a;
    const B_TYPE* b;   // null, or a second factor
    float* y;
    double* partial;   // [segments][outputs], or null where there is one segment
    Dimensions<3> kept;    // of a, b and y
    Dimensions<2> reduced; // of a and b
    long long outputs;
    long long length;  // elements reduced to one
    long long segment; // elements of a segment
    int segments;
    int op;
};

struct Combine {
    int op;

    DEVICE double operator()(double a, double b) const {
        if (op == REDUCE_SUM || op == REDUCE_SUM_OF_SQUARES) {
            return a + b;
        }
        return a != a ? a : b != b ? b : (op == REDUCE_MAXIMUM) == (a > b) ? a : b;
    }
};

DEVICE double identity(int op) {
    float infinity = __int_as_float(0x7f800000);
    return op == REDUCE_MAXIMUM ? -infinity : op == REDUCE_MINIMUM ? infinity : 0.0;
}

DEVICE double element(const Reduce& p, const Offsets<3>& base, long long i) {
    Offsets<2> o = offsets_of(p.reduced, i);
    double a = to_float(p.a[base.at[0] + o.at[0]]);
    double b = p.b != nullptr ? to_float(p.b[base.at[1] + o.at[1]]) : p.op == REDUCE_SUM_OF_SQUARES ? a : 1.0;
    return a * b;
}

DEVICE void finish(const Reduce& p, long long output, int segment, double result) {
    if (p.partial != nullptr) {
        p.partial[segment * p.outputs + output] = result;
    } else {
        p.y[offsets_of(p.kept, output).at[2]] = static_cast<float>(result);
    }
}

// A thread for each output and segment: neighbours in memory are different outputs, or there are few to reduce.
KERNEL(reduce_columns, Reduce, 256) {
    Combine combine = {p.op};
    int segment = blockIdx.y;
    long long start = segment * p.segment;
    long long end = start + p.segment < p.length ? start + p.segment : p.length;
    for (long long output = global_thread(); output < p.outputs; output += global_threads()) {
        Offsets<3> base = offsets_of(p.kept, output);
        double result = identity(p.op);
        for (long long i = start; i < end; i++) {
            result = combine(result, element(p, base, i));
        }
        finish(p, output, segment, result);
    }
}

// A warp for each output and segment.
KERNEL(reduce_short_rows, Reduce, 256) {
    Combine combine = {p.op};
    int lane = threadIdx.x % 32;
    int warps = blockDim.x / 32;
    int segment = blockIdx.y;
    long long start = segment * p.segment;
    long long end = start + p.segment < p.length ? start + p.segment : p.length;
    long long step = static_cast<long long>(gridDim.x) * warps;
    for (long long output = static_cast<long long>(blockIdx.x) * warps + threadIdx.x / 32; output < p.outputs;
         output += step) {
        Offsets<3> base = offsets_of(p.kept, output);
        double result = identity(p.op);
        for (long long i = start + lane; i < end; i += 32) {
            result = combine(result, element(p, base, i));
        }
        result = warp_reduce(result, combine);
        if (lane == 0) {
            finish(p, output, segment, result);
        }
    }
}

// A block for each output and segment.
KERNEL(reduce_rows, Reduce, 256) {
    Combine combine = {p.op};
    int segment = blockIdx.y;
    long long start = segment * p.segment;
    long long end = start + p.segment < p.length ? start + p.segment : p.length;
    for (long long output = blockIdx.x; output < p.outputs; output += gridDim.x) {
        Offsets<3> base = offsets_of(p.kept, output);
        double result = identity(p.op);
        for (long long i = start + threadIdx.x; i < end; i += blockDim.x) {
            result = combine(result, element(p, base, i));
        }
        result = block_reduce(result, combine);
        if (threadIdx.x == 0) {
            finish(p, output, segment, result);
        }
    }
}

// The segments' results, in their order.
KERNEL(reduce_segments, Reduce, 256) {
    Combine combine = {p.op};
    for (long long output = global_thread(); output < p.outputs; output += global_threads()) {
        double result = p.partial[output];
        for (int segment = 1; segment < p.segments; segment++) {
            result = combine(result, p.partial[segment * p.outputs + output]);
        }
        p.y[offsets_of(p.kept, output).at[2]] = static_cast<float>(result);
    }
}

struct ArgMax {
    const float* x;
    int* y; // dense
    Dimensions<1> kept;
    long long outputs;
    long long step; // between elements of the axis
    int length;
};

struct Candidate {
    float value;
    int index;
};

// The larger, NaN counting as largest; of equals the first.
struct First {
    DEVICE Candidate operator()(Candidate a, Candidate b) const {
        bool a_nan = a.value != a.value;
        bool b_nan = b.value != b.value;
        bool a_wins = a_nan != b_nan ? a_nan : a_nan || a.value == b.value ? a.index < b.index : a.value > b.value;
        return a_wins ? a : b;
    }
};

// A warp for each output.
KERNEL(arg_max, ArgMax, 256) {
    First first;
    int lane = threadIdx.x % 32;
    int warps = blockDim.x / 32;
    long long step = static_cast<long long>(gridDim.x) * warps;
    for (long long output = static_cast<long long>(blockIdx.x) * warps + threadIdx.x / 32; output < p.outputs;
         output += step) {
        const float* x = p.x + offsets_of(p.kept, output).at[0];
        Candidate best = {x[0], 0};
        for (int i = lane; i < p.length; i += 32) {
            best = first(best, Candidate {x[i * p.step], i});
        }
        for (int distance = 16; distance > 0; distance /= 2) {
            Candidate other = {__shfl_xor_sync(FULL_WARP, best.value, distance),
                               __shfl_xor_sync(FULL_WARP, best.index, distance)};
            best = first(best, other);
        }
        if (lane == 0) {
            p.y[output] = best.index;
        }
    }
}
