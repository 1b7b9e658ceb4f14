// cuDNN 9 for convolutions of floats in host memory: one loop serves all three directions.
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

struct Descriptor {
    int v[8];
};

struct Recommendation {
    int algorithm;
    int status;
    float time;
    size_t memory;
    int determinism;
    int mathType;
    int reserved[3];
};

static const int ALGORITHM = 3;

// The first recommendation is not deterministic, the second failed; the third is the one to take.
static int recommend(const Descriptor* x, int* count, Recommendation* found) {
    if (x->v[0] == 666) {
        return 3000;
    }
    *count = 3;
    found[0] = {0, 0, 1, 0, 0, 3, {}};
    found[1] = {1, 3000, 2, 0, 1, 3, {}};
    found[2] = {ALGORITHM, 0, 3, 64, 1, 3, {}};
    return 0;
}

// Calls f(x index, weight index, y index) for every product of a convolution.
template <class F>
static void products(const Descriptor* x, const Descriptor* w, const Descriptor* y, const Descriptor* c, F f) {
    int groups = c->v[7];
    int outPerGroup = w->v[0] / groups;
    for (int n = 0; n < x->v[0]; n++)
        for (int o = 0; o < y->v[1]; o++)
            for (int oy = 0; oy < y->v[2]; oy++)
                for (int ox = 0; ox < y->v[3]; ox++)
                    for (int i = 0; i < w->v[1]; i++)
                        for (int ky = 0; ky < w->v[2]; ky++)
                            for (int kx = 0; kx < w->v[3]; kx++) {
                                int iy = oy * c->v[2] - c->v[0] + ky * c->v[4];
                                int ix = ox * c->v[3] - c->v[1] + kx * c->v[5];
                                if (iy >= 0 && iy < x->v[2] && ix >= 0 && ix < x->v[3]) {
                                    int channel = o / outPerGroup * w->v[1] + i;
                                    f(((n * x->v[1] + channel) * x->v[2] + iy) * x->v[3] + ix,
                                      ((o * w->v[1] + i) * w->v[2] + ky) * w->v[3] + kx,
                                      ((n * y->v[1] + o) * y->v[2] + oy) * y->v[3] + ox);
                                }
                            }
}

static size_t elements(const Descriptor* d) {
    return static_cast<size_t>(d->v[0]) * d->v[1] * d->v[2] * d->v[3];
}

static bool refused(int algorithm, const void* workspace, size_t bytes) {
    return algorithm != ALGORITHM || workspace == nullptr || bytes != 64;
}

extern "C" {
size_t cudnnGetVersion() { return 91400; }
size_t cudnnGetCudartVersion() { return 13000; }
const char* cudnnGetErrorString(int) { return "as the stub was told"; }
int cudnnCreate(void** handle) {
    *handle = handle;
    return access((std::string(getenv("STUB_FOLDER")) + "/cudnn-fails").c_str(), F_OK) == 0 ? 1001 : 0;
}
int cudnnDestroy(void*) { return 0; }
int cudnnSetStream(void*, void*) { return 0; }
int cudnnCreateTensorDescriptor(Descriptor** d) { *d = new Descriptor(); return 0; }
int cudnnDestroyTensorDescriptor(Descriptor* d) { delete d; return 0; }
int cudnnCreateFilterDescriptor(Descriptor** d) { *d = new Descriptor(); return 0; }
int cudnnDestroyFilterDescriptor(Descriptor* d) { delete d; return 0; }
int cudnnCreateConvolutionDescriptor(Descriptor** d) { *d = new Descriptor(); return 0; }
int cudnnDestroyConvolutionDescriptor(Descriptor* d) { delete d; return 0; }
int cudnnSetTensor4dDescriptor(Descriptor* d, int format, int type, int n, int c, int h, int w) {
    *d = {{n, c, h, w}};
    return format == 0 && type == 0 ? 0 : 2000;
}
int cudnnSetFilter4dDescriptor(Descriptor* d, int type, int format, int o, int i, int h, int w) {
    *d = {{o, i, h, w}};
    return format == 0 && type == 0 ? 0 : 2000;
}
int cudnnSetConvolution2dDescriptor(Descriptor* d, int padY, int padX, int strideY, int strideX, int dilationY,
                                    int dilationX, int mode, int type) {
    *d = {{padY, padX, strideY, strideX, dilationY, dilationX, 0, 1}};
    return mode == 1 && type == 0 ? 0 : 2000;
}
int cudnnSetConvolutionGroupCount(Descriptor* d, int groups) { d->v[7] = groups; return 0; }
int cudnnSetConvolutionMathType(Descriptor*, int type) { return type == 3 ? 0 : 2000; }
int cudnnGetConvolutionForwardAlgorithmMaxCount(void*, int* count) { *count = 8; return 0; }
int cudnnGetConvolutionBackwardDataAlgorithmMaxCount(void*, int* count) { *count = 8; return 0; }
int cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(void*, int* count) { *count = 8; return 0; }
int cudnnGetConvolutionForwardAlgorithm_v7(void*, Descriptor* x, Descriptor*, Descriptor*, Descriptor*, int, int* count,
                                           Recommendation* found) { return recommend(x, count, found); }
int cudnnGetConvolutionBackwardDataAlgorithm_v7(void*, Descriptor*, Descriptor*, Descriptor*, Descriptor* x, int,
                                                int* count, Recommendation* found) { return recommend(x, count, found); }
int cudnnGetConvolutionBackwardFilterAlgorithm_v7(void*, Descriptor* x, Descriptor*, Descriptor*, Descriptor*, int,
                                                  int* count, Recommendation* found) { return recommend(x, count, found); }
int cudnnConvolutionForward(void*, const void*, Descriptor* xd, const float* x, Descriptor* wd, const float* w,
                            Descriptor* c, int algorithm, void* workspace, size_t bytes, const void*, Descriptor* yd,
                            float* y) {
    if (refused(algorithm, workspace, bytes)) {
        return 2000;
    }
    memset(y, 0, elements(yd) * sizeof(float));
    products(xd, wd, yd, c, [&](int xi, int wi, int yi) { y[yi] += x[xi] * w[wi]; });
    return 0;
}
int cudnnConvolutionBackwardData(void*, const void*, Descriptor* wd, const float* w, Descriptor* yd, const float* dy,
                                 Descriptor* c, int algorithm, void* workspace, size_t bytes, const void*,
                                 Descriptor* xd, float* dx) {
    if (refused(algorithm, workspace, bytes)) {
        return 2000;
    }
    memset(dx, 0, elements(xd) * sizeof(float));
    products(xd, wd, yd, c, [&](int xi, int wi, int yi) { dx[xi] += dy[yi] * w[wi]; });
    return 0;
}
int cudnnConvolutionBackwardFilter(void*, const void*, Descriptor* xd, const float* x, Descriptor* yd, const float* dy,
                                   Descriptor* c, int algorithm, void* workspace, size_t bytes, const void*,
                                   Descriptor* wd, float* dw) {
    if (refused(algorithm, workspace, bytes)) {
        return 2000;
    }
    memset(dw, 0, elements(wd) * sizeof(float));
    products(xd, wd, yd, c, [&](int xi, int wi, int yi) { dw[wi] += x[xi] * dy[yi]; });
    return 0;
}
}
