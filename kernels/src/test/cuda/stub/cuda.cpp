// A driver without a GPU: device memory is host memory, a module is a shared library (its "machine code" is the
// library's path), streams run at once, a recording is a list of launches.
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <unistd.h>
#include <vector>

using Handle = void*;
using Kernel = void (*)(unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, size_t, const void*);

struct Launch {
    Kernel kernel;
    unsigned size[6];
    size_t shared;
    std::vector<char> params;
};

static std::vector<Launch>* recording = nullptr;
static bool failing = false;
static const size_t MEMORY = 1 << 30;
// The driver knows each kernel's own size; reading as much as any kernel takes is right for callers that have it.
static const size_t PARAMETER_BYTES = 4096;

extern "C" {
int cuInit(unsigned) {
    return access((std::string(getenv("STUB_FOLDER")) + "/no-gpu").c_str(), F_OK) == 0 ? 100 : 0;
}
int cuDriverGetVersion(int* version) { *version = 13000; return 0; }
int cuDeviceGetCount(int* count) { *count = 1; return 0; }
int cuDeviceGet(int* device, int index) { *device = index; return 0; }
int cuDeviceGetName(char* name, int, int) { strcpy(name, "Stub GPU"); return 0; }
int cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = MEMORY; return 0; }
int cuDeviceGetAttribute(int* value, int which, int) {
    *value = which == 75 ? 9 : which == 76 ? 0 : which == 16 ? 132 : which == 97 ? 232448 : which == 38 ? 50 << 20 : -1;
    return 0;
}
int cuGetErrorName(int, const char** text) { *text = "STUB_ERROR"; return 0; }
int cuGetErrorString(int, const char** text) { *text = "as the stub was told"; return 0; }
int cuDevicePrimaryCtxRetain(Handle* context, int) { *context = &recording; return 0; }
int cuCtxSetCurrent(Handle) { return 0; }
int cuMemAlloc_v2(Handle* pointer, size_t bytes) {
    if (bytes > MEMORY) {
        return 2;
    }
    *pointer = aligned_alloc(256, (bytes + 255) / 256 * 256);
    return 0;
}
int cuMemFree_v2(Handle pointer) { free(pointer); return 0; }
int cuMemGetInfo_v2(size_t* unused, size_t* total) { *unused = MEMORY / 2; *total = MEMORY; return 0; }
int cuMemHostAlloc(Handle* pointer, size_t bytes, unsigned) { *pointer = malloc(bytes); return 0; }
int cuMemFreeHost(Handle pointer) { free(pointer); return 0; }
int cuMemcpyHtoDAsync_v2(Handle to, const void* from, size_t bytes, Handle) { memcpy(to, from, bytes); return 0; }
int cuMemcpyDtoHAsync_v2(void* to, Handle from, size_t bytes, Handle) { memcpy(to, from, bytes); return 0; }
int cuMemcpyDtoDAsync_v2(Handle to, Handle from, size_t bytes, Handle) { memcpy(to, from, bytes); return 0; }
int cuStreamCreate(Handle* stream, unsigned) { *stream = malloc(1); return 0; }
int cuStreamDestroy_v2(Handle stream) { free(stream); return 0; }
int cuStreamSynchronize(Handle) {
    if (recording != nullptr) {
        return 900;
    }
    bool failed = failing;
    failing = false;
    return failed ? 700 : 0;
}
int cuStreamWaitEvent(Handle, Handle, unsigned) { return 0; }
int cuEventCreate(Handle* event, unsigned) { *event = malloc(1); return 0; }
int cuEventRecord(Handle, Handle) { return 0; }
int cuEventSynchronize(Handle) { return 0; }
int cuEventDestroy_v2(Handle event) { free(event); return 0; }
int cuEventElapsedTime(float* time, Handle, Handle) { *time = 1.5f; return 0; }

int cuModuleLoadData(Handle* module, const char* image) {
    if (strncmp(image, "STUB", 4) != 0) {
        return 200;
    }
    *module = dlopen(image + 4, RTLD_NOW | RTLD_LOCAL);
    return *module == nullptr ? 200 : 0;
}
int cuModuleUnload(Handle) { return 0; }
int cuModuleGetFunction(Handle* function, Handle module, const char* name) {
    char symbol[256] = "host_";
    strcat(symbol, name);
    *function = dlsym(module, symbol);
    return *function == nullptr ? 500 : 0;
}
int cuFuncSetAttribute(Handle, int which, int value) { return which == 8 && value <= 232448 ? 0 : 1; }

static void run(const Launch& l) {
    l.kernel(l.size[0], l.size[1], l.size[2], l.size[3], l.size[4], l.size[5], l.shared, l.params.data());
}

int cuLaunchKernel(Handle function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, Handle, void** params, void**) {
    if (gx == 666) {
        failing = true;
        return 0;
    }
    const char* p = static_cast<const char*>(params[0]);
    Launch launch{reinterpret_cast<Kernel>(function), {gx, gy, gz, bx, by, bz}, shared, {p, p + PARAMETER_BYTES}};
    if (recording != nullptr) {
        recording->push_back(launch);
    } else {
        run(launch);
    }
    return 0;
}
int cuStreamBeginCapture_v2(Handle, int) { recording = new std::vector<Launch>(); return 0; }
int cuStreamEndCapture(Handle, Handle* graph) { *graph = recording; recording = nullptr; return 0; }
int cuGraphInstantiateWithFlags(Handle* executable, Handle graph, unsigned long long) {
    *executable = new std::vector<Launch>(*static_cast<std::vector<Launch>*>(graph));
    return 0;
}
int cuGraphLaunch(Handle executable, Handle) {
    for (const Launch& launch : *static_cast<std::vector<Launch>*>(executable)) {
        run(launch);
    }
    return 0;
}
int cuGraphExecDestroy(Handle executable) { delete static_cast<std::vector<Launch>*>(executable); return 0; }
int cuGraphDestroy(Handle graph) { delete static_cast<std::vector<Launch>*>(graph); return 0; }
}
