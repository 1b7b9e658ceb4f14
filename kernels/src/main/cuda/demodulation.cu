// y[n, o] = 1/sqrt(sum of styles[n, c]^2 * energy[o, c] over c + epsilon): one warp for each.
#include "grid.cuh"

struct DemodulationParams {
    const float* energy; // [O, C]
    const float* styles; // [N, C]
    float* y;            // [N, O]
    int n, o, c;
    float epsilon;
};

KERNEL(demodulation, DemodulationParams, 128) {
    const int lane = threadIdx.x % 32;
    const long long count = static_cast<long long>(p.n) * p.o;
    for (long long i = global_thread() / 32; i < count; i += global_threads() / 32) {
        const float* const energy = p.energy + i % p.o * p.c;
        const float* const styles = p.styles + i / p.o * p.c;
        float sum = 0;
        for (int c = lane; c < p.c; c += 32) {
            sum = fmaf(styles[c] * styles[c], energy[c], sum);
        }
        for (int distance = 16; distance > 0; distance /= 2) {
            sum += __shfl_xor_sync(FULL_WARP, sum, distance);
        }
        if (lane == 0) {
            p.y[i] = 1.0f / sqrtf(sum + p.epsilon);
        }
    }
}
