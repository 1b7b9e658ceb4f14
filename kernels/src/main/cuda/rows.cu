// Running sums, softmax and standardisation along the last dimension: a block for each row.
#include "grid.cuh"
#include "block.cuh"
#include "dimensions.cuh"
#include "math.cuh"

struct Rows {
    const float* x;
    float* y; // dense
    Dimensions<1> kept;
    long long rows;
    long long step; // between elements of a row
    int length;
};

// Running sums in double: each round of the block scans as many elements as it has threads.
KERNEL(cumulative_sum, Rows, 256) {
    __shared__ double of_warp[32];
    int lane = threadIdx.x % 32;
    int warp = threadIdx.x / 32;
    for (long long row = blockIdx.x; row < p.rows; row += gridDim.x) {
        const float* x = p.x + offsets_of(p.kept, row).at[0];
        float* y = p.y + row * p.length;
        double before = 0;
        for (int from = 0; from < p.length; from += blockDim.x) {
            int i = from + threadIdx.x;
            double sum = i < p.length ? x[i * p.step] : 0.0;
            for (int step = 1; step < 32; step *= 2) {
                double left = __shfl_up_sync(FULL_WARP, sum, step);
                sum += lane >= step ? left : 0.0;
            }
            if (lane == 31) {
                of_warp[warp] = sum;
            }
            __syncthreads();
            double left = before;
            for (int w = 0; w < static_cast<int>(blockDim.x) / 32; w++) {
                left += w < warp ? of_warp[w] : 0.0;
                before += of_warp[w];
            }
            if (i < p.length) {
                y[i] = static_cast<float>(left + sum);
            }
            __syncthreads();
        }
    }
}

// e^(x-m) / sum of e^(x-m), with m the row's largest element.
KERNEL(softmax, Rows, 256) {
    for (long long row = blockIdx.x; row < p.rows; row += gridDim.x) {
        const float* x = p.x + offsets_of(p.kept, row).at[0];
        float* y = p.y + row * p.length;
        float largest = x[0];
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            largest = Larger()(largest, x[i * p.step]);
        }
        largest = block_reduce(largest, Larger());
        double sum = 0;
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            sum += exponential(x[i * p.step] - largest);
        }
        float share = static_cast<float>(1 / block_reduce(sum, Sum()));
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            y[i] = exponential(x[i * p.step] - largest) * share;
        }
    }
}

struct StandardizeParams {
    const float* x; // [rows, length]
    float* y;       // [rows, length]
    float* r;       // [rows]
    long long rows;
    int length;
    float epsilon;
};

// (x - mean)·r with r = 1 / sqrt(variance + epsilon). The row is read again from the cache, rather than its square's
// mean taken in the same pass, which cancels where the mean is large.
KERNEL(standardize, StandardizeParams, 256) {
    for (long long row = blockIdx.x; row < p.rows; row += gridDim.x) {
        const float* x = p.x + row * p.length;
        float* y = p.y + row * p.length;
        double sum = 0;
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            sum += x[i];
        }
        float mean = static_cast<float>(block_reduce(sum, Sum()) / p.length);
        double squares = 0;
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            double d = x[i] - mean;
            squares += d * d;
        }
        float r = 1.0f / sqrtf(static_cast<float>(block_reduce(squares, Sum()) / p.length) + p.epsilon);
        for (int i = threadIdx.x; i < p.length; i += blockDim.x) {
            y[i] = (x[i] - mean) * r;
        }
        if (threadIdx.x == 0) {
            p.r[row] = r;
        }
    }
}
