// Included first by every kernel source. Compiled for a GPU it is thin; compiled by a host compiler with
// -DSTYLEGAN4J_HOST_GRID it pulls in the header that plays a grid of threads.
//
// No toolkit header is needed: the runtime compiler finds none.
#pragma once

#ifdef STYLEGAN4J_HOST_GRID

#include "host_grid.h"

#define DEVICE inline

#else

// A kernel and its one parameter struct, p. Fields go by decreasing alignment, arrays have fixed sizes.
#define KERNEL(name, Params, maxThreads) \
    extern "C" __global__ void __launch_bounds__(maxThreads) name(const __grid_constant__ Params p)

// As KERNEL, with at least minBlocks blocks at a time on a multiprocessor.
#define KERNEL_OCCUPANCY(name, Params, maxThreads, minBlocks) \
    extern "C" __global__ void __launch_bounds__(maxThreads, minBlocks) name(const __grid_constant__ Params p)

#define DEVICE __device__ __forceinline__

// Declares `name`, a pointer to the block's dynamic shared memory.
#define DYNAMIC_SHARED(type, name) \
    extern __shared__ __align__(128) unsigned char dynamic_shared_bytes[]; \
    type* const name = reinterpret_cast<type*>(dynamic_shared_bytes)

#endif

constexpr unsigned FULL_WARP = 0xffffffffu;

// ---- element types

struct half_t {
    unsigned short bits;
};

struct bfloat16_t {
    unsigned short bits;
};

// N neighbours, loaded and stored at once where they are aligned to their joint size.
template <class T, int N>
struct alignas(sizeof(T) * N) Pack {
    T v[N];
};

DEVICE float to_float(float x) { return x; }
DEVICE float to_float(int x) { return static_cast<float>(x); }
DEVICE float to_float(bfloat16_t x) { return __uint_as_float(static_cast<unsigned>(x.bits) << 16); }

DEVICE float to_float(half_t x) {
#ifdef STYLEGAN4J_HOST_GRID
    return host_grid::half_bits_to_float(x.bits);
#else
    float y;
    asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x.bits));
    return y;
#endif
}

// Rounds to nearest, ties to even; into int by truncation.
template <class T>
DEVICE T from_float(float x);

template <>
DEVICE float from_float<float>(float x) { return x; }

template <>
DEVICE int from_float<int>(float x) { return static_cast<int>(x); }

template <>
DEVICE half_t from_float<half_t>(float x) {
    half_t y;
#ifdef STYLEGAN4J_HOST_GRID
    y.bits = host_grid::float_to_half_bits(x);
#else
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
#endif
    return y;
}

template <>
DEVICE bfloat16_t from_float<bfloat16_t>(float x) {
    bfloat16_t y;
#if !defined(STYLEGAN4J_HOST_GRID) && __CUDA_ARCH__ >= 800
    asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y.bits) : "f"(x));
#else
    unsigned bits = __float_as_uint(x);
    y.bits = static_cast<unsigned short>(x != x ? bits >> 16 | 0x40 : bits + 0x7fff + (bits >> 16 & 1) >> 16);
#endif
    return y;
}

// ---- where a thread stands

// The same value, but nothing that the compiler derived from it before: it is derived again, instead of being kept in
// registers meanwhile.
DEVICE unsigned anew(unsigned v) {
#ifndef STYLEGAN4J_HOST_GRID
    asm volatile("" : "+r"(v));
#endif
    return v;
}

DEVICE long long global_thread() { return static_cast<long long>(blockIdx.x) * blockDim.x + threadIdx.x; }
DEVICE long long global_threads() { return static_cast<long long>(gridDim.x) * blockDim.x; }
