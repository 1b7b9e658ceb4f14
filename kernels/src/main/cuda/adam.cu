// Adam's update of many parameters in one launch. Each block takes a chunk of one parameter.
#include "grid.cuh"

constexpr int MOST_PARAMETERS = 84; // what the parameter struct has room for
constexpr int CHUNK = 4096;

struct Adam {
    float* parameter[MOST_PARAMETERS];
    const float* gradient[MOST_PARAMETERS];
    float* mean[MOST_PARAMETERS];
    float* square[MOST_PARAMETERS];
    long long length[MOST_PARAMETERS];
    int first_chunk[MOST_PARAMETERS + 1];
    int count;
    float mean_kept;
    float mean_share;
    float square_kept;
    float square_share;
    float step_size;
    float root_scale;
    float epsilon;
    float gradient_decay;
    float parameter_kept;
};

// Rounded step by step as on the CPU, so that both give the same bits.
KERNEL(adam, Adam, 256) {
    int k = 0;
    for (int step = 64; step > 0; step /= 2) {
        k += k + step < p.count && p.first_chunk[k + step] <= static_cast<int>(blockIdx.x) ? step : 0;
    }
    long long from = (blockIdx.x - p.first_chunk[k]) * static_cast<long long>(CHUNK);
    long long end = from + CHUNK < p.length[k] ? from + CHUNK : p.length[k];
    for (long long i = from + threadIdx.x; i < end; i += blockDim.x) {
        float old = p.parameter[k][i];
        float gradient = fmaf(p.gradient_decay, old, p.gradient[k][i]);
        float mean = fmaf(p.mean_share, gradient, __fmul_rn(p.mean_kept, p.mean[k][i]));
        float square = fmaf(__fmul_rn(p.square_share, gradient), gradient, __fmul_rn(p.square_kept, p.square[k][i]));
        float root = fmaf(p.root_scale, sqrtf(square), p.epsilon);
        p.mean[k][i] = mean;
        p.square[k][i] = square;
        p.parameter[k][i] = fmaf(-p.step_size, mean / root, __fmul_rn(p.parameter_kept, old));
    }
}
