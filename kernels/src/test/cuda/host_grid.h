// Plays a grid of GPU threads on one thread of a host: the threads of a block are fibers that take turns at barriers,
// in an order that depends on nothing but the launch. Every other block runs its threads backwards, so that a missing
// barrier shows. A barrier that not all threads reach ends the launch with a message.
#ifndef STYLEGAN4J_HOST_GRID_H
#define STYLEGAN4J_HOST_GRID_H

#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <sys/mman.h>
#include <vector>
#ifndef __x86_64__
#include <ucontext.h>
#endif

#define __device__
#define __host__
#define __global__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __constant__ static
#define __shared__ static
#define __align__(n) __attribute__((aligned(n)))

// ---- types

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };

#define HOST_GRID_VECTOR2(T, name) \
    struct alignas(2 * sizeof(T)) name { T x, y; }; \
    inline name make_##name(T x, T y) { return {x, y}; }
#define HOST_GRID_VECTOR4(T, name) \
    struct alignas(sizeof(T) < 4 ? 4 * sizeof(T) : 16) name { T x, y, z, w; }; \
    inline name make_##name(T x, T y, T z, T w) { return {x, y, z, w}; }
HOST_GRID_VECTOR2(float, float2)
HOST_GRID_VECTOR2(double, double2)
HOST_GRID_VECTOR2(int, int2)
HOST_GRID_VECTOR2(unsigned, uint2)
HOST_GRID_VECTOR2(long long, longlong2)
HOST_GRID_VECTOR2(short, short2)
HOST_GRID_VECTOR2(unsigned short, ushort2)
HOST_GRID_VECTOR4(float, float4)
HOST_GRID_VECTOR4(int, int4)
HOST_GRID_VECTOR4(unsigned, uint4)
HOST_GRID_VECTOR4(unsigned short, ushort4)
HOST_GRID_VECTOR4(unsigned char, uchar4)

static uint3 threadIdx;
static uint3 blockIdx;
static dim3 blockDim;
static dim3 gridDim;
constexpr int warpSize = 32;

namespace host_grid {

// ---- a fiber: a stack to run on

#ifdef __x86_64__
extern "C" void host_grid_switch(void** save, void* load);
asm(R"(
.text
.local host_grid_switch
.type host_grid_switch, @function
host_grid_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size host_grid_switch, .-host_grid_switch
)");

struct Context { void* stack_pointer = nullptr; };

inline void switch_context(Context& from, Context& to) { host_grid_switch(&from.stack_pointer, to.stack_pointer); }

inline void start_context(Context& context, char* stack, size_t size, void (*entry)()) {
    void** top = reinterpret_cast<void**>(stack + size - 64);
    *--top = nullptr; // the entry sees the alignment a call leaves
    *--top = reinterpret_cast<void*>(entry);
    for (int i = 0; i < 6; i++) {
        *--top = nullptr;
    }
    context.stack_pointer = top;
}
#else
struct Context { ucontext_t machine; };

inline void switch_context(Context& from, Context& to) { swapcontext(&from.machine, &to.machine); }

inline void start_context(Context& context, char* stack, size_t size, void (*entry)()) {
    getcontext(&context.machine);
    context.machine.uc_stack.ss_sp = stack;
    context.machine.uc_stack.ss_size = size;
    context.machine.uc_link = nullptr;
    makecontext(&context.machine, entry, 0);
}
#endif

// ---- state of the running block

constexpr int MOST_THREADS = 1024;
constexpr int WARPS = MOST_THREADS / warpSize;
constexpr size_t STACK = 256 * 1024;
constexpr size_t MOST_PAYLOAD = 64;
constexpr size_t MOST_SHARED = 232448; // of a block on compute capability 9.0

enum class State { UNSTARTED, READY, AT_BLOCK_BARRIER, AT_WARP_BARRIER, DONE };

struct Site { const char* file; int line; };

struct Thread {
    State state;
    int fiber;
    Site site;
    unsigned mask;
    const char* received; // what each lane gave to the last warp operation
};

struct Fiber { Context context; char* stack; int thread; };

struct WarpSlots {
    alignas(16) char given[warpSize][MOST_PAYLOAD];
    alignas(16) char received[warpSize][2][warpSize * MOST_PAYLOAD]; // by the first lane of the mask, alternating
    unsigned rounds[warpSize];
};

static Thread threads[MOST_THREADS];
static std::vector<Fiber*> fibers;
static std::vector<int> idle;
static std::deque<int> ready;
static Context scheduler;
static int thread_count;
static int started;
static int finished;
static int at_barrier;
static Site barrier; // that they stand at
static int current;
static bool backwards;
static unsigned launches;
static std::string failure;
static void (*body)(const void*);
static const void* params;
static WarpSlots warps[WARPS];
alignas(128) static unsigned char dynamic_shared[MOST_SHARED];

inline int lane() { return current % warpSize; }

inline void enter(int thread) {
    current = thread;
    unsigned t = thread;
    threadIdx = {t % blockDim.x, t / blockDim.x % blockDim.y, t / blockDim.x / blockDim.y};
}

// Gives the turn away; comes back when the scheduler picks this thread again.
inline void wait() {
    int self = current;
    Fiber& fiber = *fibers[threads[self].fiber];
    switch_context(fiber.context, scheduler);
    enter(self);
}

inline void fail(const std::string& message) {
    if (failure.empty()) {
        failure = message;
    }
    wait(); // for ever
}

inline std::string describe(int thread) {
    char text[300];
    const Thread& t = threads[thread];
    snprintf(text, sizeof text, "thread %d of block (%u, %u, %u) %s", thread, blockIdx.x, blockIdx.y, blockIdx.z,
             t.state == State::DONE ? "has ended" : "waits at ");
    return t.state == State::DONE ? text : text + std::string(t.site.file) + ":" + std::to_string(t.site.line);
}

inline void fiber_main() {
    for (;;) {
        int self = idle.back(); // told by the scheduler which fiber this is
        idle.pop_back();
        while (started < thread_count) {
            int thread = backwards ? thread_count - 1 - started : started;
            started++;
            threads[thread].fiber = self;
            enter(thread);
            body(params);
            threads[thread].state = State::DONE;
            finished++;
        }
        idle.push_back(self);
        switch_context(fibers[self]->context, scheduler);
    }
}

inline void release(int first, int count, State waiting, unsigned mask) {
    for (int i = 0; i < count; i++) {
        int thread = first + (backwards ? count - 1 - i : i);
        if (thread != current && threads[thread].state == waiting && (mask >> (thread - first) % warpSize & 1)) {
            threads[thread].state = State::READY;
            ready.push_back(thread);
        }
    }
}

inline bool same(Site a, Site b) { return a.line == b.line && strcmp(a.file, b.file) == 0; }

inline void block_barrier(Site site) {
    Thread& self = threads[current];
    self.site = site;
    if (at_barrier == 0) {
        barrier = site;
    } else if (!same(barrier, site)) {
        fail("threads of a block meet at different barriers: " + std::string(barrier.file) + ":"
             + std::to_string(barrier.line) + " and " + site.file + ":" + std::to_string(site.line));
    }
    if (++at_barrier == thread_count) {
        at_barrier = 0;
        release(0, thread_count, State::AT_BLOCK_BARRIER, ~0u);
    } else {
        self.state = State::AT_BLOCK_BARRIER;
        wait();
    }
}

// Every lane of the mask gives `size` bytes and gets those of all lanes, valid until its next warp operation but one.
inline const char* warp_exchange(unsigned mask, const void* given, size_t size, Site site) {
    int base = current - lane();
    int lanes = thread_count - base < warpSize ? thread_count - base : warpSize;
    mask &= lanes == warpSize ? ~0u : (1u << lanes) - 1;
    Thread& self = threads[current];
    self.site = site;
    self.mask = mask;
    if (!(mask >> lane() & 1)) {
        fail("a lane calls a warp operation without being in its mask: " + describe(current));
    }
    WarpSlots& slots = warps[base / warpSize];
    memcpy(slots.given[lane()], given, size);
    for (int i = 0; i < lanes; i++) {
        const Thread& other = threads[base + i];
        if (base + i == current || !(mask >> i & 1)) {
            continue;
        }
        if (other.state != State::AT_WARP_BARRIER) {
            self.state = State::AT_WARP_BARRIER;
            wait();
            return self.received;
        }
        if (other.mask != mask || !same(other.site, site)) {
            fail("lanes of a warp meet at different operations: " + std::string(site.file) + ":"
                 + std::to_string(site.line) + ", " + describe(base + i));
        }
    }
    int group = __builtin_ctz(mask);
    char* received = slots.received[group][slots.rounds[group]++ & 1];
    for (int i = 0; i < lanes; i++) {
        memcpy(received + i * size, slots.given[i], size);
        if (mask >> i & 1) {
            threads[base + i].received = received;
        }
    }
    release(base, lanes, State::AT_WARP_BARRIER, mask);
    return received;
}

// What each lane of the mask gives, as an array of 32 (entries outside the mask are undefined).
template <class T>
inline const T* warp_all(unsigned mask, const T& value, const char* file = __builtin_FILE(),
                         int line = __builtin_LINE()) {
    static_assert(sizeof(T) <= MOST_PAYLOAD, "too much for a warp operation");
    return reinterpret_cast<const T*>(warp_exchange(mask, &value, sizeof(T), {file, line}));
}

inline void run_block() {
    started = finished = at_barrier = 0;
    ready.clear();
    for (int i = 0; i < thread_count; i++) {
        threads[i].state = State::UNSTARTED;
    }
    while (finished < thread_count && failure.empty()) {
        int fiber;
        if (!ready.empty()) {
            fiber = threads[ready.front()].fiber;
            ready.pop_front();
        } else if (started < thread_count) {
            if (idle.empty()) {
                void* stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
                fibers.push_back(new Fiber {{}, static_cast<char*>(stack), 0});
                start_context(fibers.back()->context, fibers.back()->stack, STACK, fiber_main);
                idle.push_back(static_cast<int>(fibers.size()) - 1);
            }
            fiber = idle.back();
        } else {
            for (int i = 0; i < thread_count; i++) {
                if (threads[i].state != State::DONE) {
                    failure = "a barrier is not reached by all: " + describe(i);
                    for (int j = 0; j < thread_count; j++) {
                        if (threads[j].state == State::DONE || !same(threads[j].site, threads[i].site)) {
                            failure += ", " + describe(j);
                            break;
                        }
                    }
                    break;
                }
            }
            break;
        }
        switch_context(scheduler, fibers[fiber]->context);
    }
    if (!failure.empty()) { // fibers in the middle of a kernel start afresh
        idle.clear();
        for (size_t i = 0; i < fibers.size(); i++) {
            start_context(fibers[i]->context, fibers[i]->stack, STACK, fiber_main);
            idle.push_back(static_cast<int>(i));
        }
    }
}

// Runs a kernel over a grid. Returns null, or what went wrong.
inline const char* run(void (*kernel)(const void*), const char* name, unsigned most_threads, dim3 grid, dim3 block,
                       size_t shared, const void* kernel_params) {
    failure.clear();
    size_t count = static_cast<size_t>(block.x) * block.y * block.z;
    if (count == 0 || count > most_threads || count > MOST_THREADS) {
        failure = std::to_string(count) + " threads in a block, the kernel allows " + std::to_string(most_threads);
    } else if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > INT_MAX || grid.y > 65535 || grid.z > 65535) {
        failure = "a grid of " + std::to_string(grid.x) + " x " + std::to_string(grid.y) + " x "
            + std::to_string(grid.z) + " blocks";
    } else if (shared > MOST_SHARED) {
        failure = std::to_string(shared) + " bytes of shared memory";
    }
    gridDim = grid;
    blockDim = block;
    thread_count = static_cast<int>(count);
    body = kernel;
    params = kernel_params;
    launches++;
    size_t blocks = static_cast<size_t>(grid.x) * grid.y * grid.z;
    for (size_t i = 0; i < blocks && failure.empty(); i++) {
        size_t b = launches & 1 ? i : blocks - 1 - i;
        backwards = (b + launches) & 1;
        blockIdx = {static_cast<unsigned>(b % grid.x), static_cast<unsigned>(b / grid.x % grid.y),
                    static_cast<unsigned>(b / grid.x / grid.y)};
        memset(dynamic_shared, 0xff, shared); // not a number, for who reads before writing
        run_block();
    }
    if (failure.empty()) {
        return nullptr;
    }
    failure = "kernel " + std::string(name) + ": " + failure;
    return failure.c_str();
}

inline float half_bits_to_float(unsigned short bits) {
    _Float16 x;
    memcpy(&x, &bits, 2);
    return static_cast<float>(x);
}

inline unsigned short float_to_half_bits(float x) {
    _Float16 y = static_cast<_Float16>(x);
    unsigned short bits;
    memcpy(&bits, &y, 2);
    return bits;
}

} // namespace host_grid

#define KERNEL(name, Params, maxThreads) \
    static void name(const Params& p); \
    extern "C" const char* host_##name(unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, \
                                       size_t shared, const void* params) { \
        return host_grid::run([](const void* q) { name(*static_cast<const Params*>(q)); }, #name, maxThreads, \
                              dim3 {gx, gy, gz}, dim3 {bx, by, bz}, shared, params); \
    } \
    extern "C" size_t sizeof_##name() { return sizeof(Params); } \
    static void name(const Params& p)
#define KERNEL_OCCUPANCY(name, Params, maxThreads, minBlocks) KERNEL(name, Params, maxThreads)
#define DYNAMIC_SHARED(type, name) type* const name = reinterpret_cast<type*>(host_grid::dynamic_shared)

// ---- barriers and warp operations

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    host_grid::block_barrier({file, line});
}
inline void __syncwarp(unsigned mask = ~0u, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    host_grid::warp_all(mask, '\0', file, line);
}
inline void __threadfence() {}
inline void __threadfence_block() {}

template <class T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = warpSize, const char* file = __builtin_FILE(),
                     int line = __builtin_LINE()) {
    int from = (host_grid::lane() & ~(width - 1)) + (source & (width - 1));
    return host_grid::warp_all(mask, value, file, line)[from];
}
template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = warpSize, const char* file = __builtin_FILE(),
                         int line = __builtin_LINE()) {
    int lane = host_grid::lane();
    int from = lane ^ bits;
    const T* all = host_grid::warp_all(mask, value, file, line);
    return (from & ~(width - 1)) > (lane & ~(width - 1)) ? value : all[from];
}
template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                          const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    int lane = host_grid::lane();
    const T* all = host_grid::warp_all(mask, value, file, line);
    return (lane & (width - 1)) + static_cast<int>(delta) < width ? all[lane + delta] : value;
}
template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                        const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    int lane = host_grid::lane();
    const T* all = host_grid::warp_all(mask, value, file, line);
    return (lane & (width - 1)) >= static_cast<int>(delta) ? all[lane - delta] : value;
}
inline unsigned __ballot_sync(unsigned mask, int condition, const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) {
    const int* all = host_grid::warp_all(mask, condition, file, line);
    unsigned lanes = host_grid::threads[host_grid::current].mask;
    unsigned result = 0;
    for (int i = 0; i < warpSize; i++) {
        result |= (lanes >> i & 1) && all[i] != 0 ? 1u << i : 0;
    }
    return result;
}
inline int __any_sync(unsigned mask, int condition, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return __ballot_sync(mask, condition, file, line) != 0;
}
inline int __all_sync(unsigned mask, int condition, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return __ballot_sync(mask, !condition, file, line) == 0;
}

// ---- atomics: of whole numbers only, since sums of floats must not depend on who comes first

template <class T>
inline T atomicAdd(T* at, T value) {
    static_assert(static_cast<T>(0.5) == 0, "sums of floats must not depend on who comes first");
    T old = *at;
    *at = old + value;
    return old;
}
template <class T>
inline T atomicMax(T* at, T value) {
    T old = *at;
    *at = old > value ? old : value;
    return old;
}
template <class T>
inline T atomicMin(T* at, T value) {
    T old = *at;
    *at = old < value ? old : value;
    return old;
}
template <class T>
inline T atomicExch(T* at, T value) {
    T old = *at;
    *at = value;
    return old;
}
template <class T>
inline T atomicCAS(T* at, T expected, T value) {
    T old = *at;
    *at = old == expected ? value : old;
    return old;
}

// ---- arithmetic that CUDA has and C++ has not

inline unsigned __float_as_uint(float x) { unsigned y; memcpy(&y, &x, 4); return y; }
inline int __float_as_int(float x) { int y; memcpy(&y, &x, 4); return y; }
inline float __uint_as_float(unsigned x) { float y; memcpy(&y, &x, 4); return y; }
inline float __int_as_float(int x) { float y; memcpy(&y, &x, 4); return y; }
inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned long long>(a) * b >> 32; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
// Never contracted with what makes or uses their operands.
inline float host_grid_settled(float x) {
    volatile float settled = x;
    return settled;
}
inline float __fadd_rn(float a, float b) { return host_grid_settled(host_grid_settled(a) + host_grid_settled(b)); }
inline float __fmul_rn(float a, float b) { return host_grid_settled(host_grid_settled(a) * host_grid_settled(b)); }
inline float rsqrtf(float x) { return 1 / sqrtf(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
template <class T>
inline T __ldg(const T* at) { return *at; }
template <class T>
inline T __ldcs(const T* at) { return *at; }
template <class T>
inline void __stcs(T* at, T value) { *at = value; }

#define HOST_GRID_MIN_MAX(T) \
    inline T min(T a, T b) { return b < a ? b : a; } \
    inline T max(T a, T b) { return a < b ? b : a; }
HOST_GRID_MIN_MAX(int)
HOST_GRID_MIN_MAX(unsigned)
HOST_GRID_MIN_MAX(long long)
HOST_GRID_MIN_MAX(unsigned long long)
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }

#endif
