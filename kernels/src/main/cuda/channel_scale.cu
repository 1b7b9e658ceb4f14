// y[n, c, pixel] = x[n, c, pixel] · scales[n, c], in place too.
// -DX_TYPE
#ifndef X_TYPE // a variant that stands for the others where nobody chooses one
#define X_TYPE float
#endif
#include "grid.cuh"

struct ChannelScaleParams {
    const X_TYPE* x;
    const float* scales; // null for ones
    float* y;
    long long count, plane;
};

KERNEL(channel_scale, ChannelScaleParams, 256) {
    for (long long i = global_thread(); i < p.count; i += global_threads()) {
        p.y[i] = to_float(p.x[i]) * (p.scales == nullptr ? 1.0f : p.scales[i / p.plane]);
    }
}
