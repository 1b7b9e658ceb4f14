// y[n, c, pixel] = x[n, c, pixel] · scales[n, c], in place too.
#include "grid.cuh"

struct ChannelScaleParams {
    const float* x;
    const float* scales;
    float* y;
    long long count, plane;
};

KERNEL(channel_scale, ChannelScaleParams, 256) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        p.y[i] = p.x[i] * p.scales[i / p.plane];
    }
}
