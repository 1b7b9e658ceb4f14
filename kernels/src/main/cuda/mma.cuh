// Tensor core products of a warp, and the copies that feed them. On the host the same functions exchange fragments
// between the lanes of a warp, so that layouts and indices are tested where there is no GPU.
//
// Fragments of D[16][8] += A[16][K]·B[K][8], K = 16 halves or 8 TF32 numbers, with g = lane / 4 and t = lane % 4; a
// word is two neighbouring halves along K, or one TF32 number:
//   a = A[g][word t], A[g+8][word t], A[g][word t+4], A[g+8][word t+4]
//   b = B[word t][g], B[word t+4][g]
//   d = D[g][2t], D[g][2t+1], D[g+8][2t], D[g+8][2t+1]
#pragma once
#include "grid.cuh"

#ifdef STYLEGAN4J_HOST_GRID

// The numbers in a lane's fragments of A and B, HALVES of them in a word.
template <int PER_WORD>
struct MmaLane {
    float a[4][PER_WORD];
    float b[2][PER_WORD];
};

template <int PER_WORD>
inline void mma_lanes(float (&d)[4], const MmaLane<PER_WORD>& mine) {
    const MmaLane<PER_WORD>* lanes = host_grid::warp_all(FULL_WARP, mine);
    const MmaLane<PER_WORD>* rows = lanes + host_grid::lane() / 4 * 4;
    const MmaLane<PER_WORD>* left = lanes + host_grid::lane() % 4 * 8;
    const MmaLane<PER_WORD>* right = left + 4;
    for (int word = 0; word < 8; word++) {
        for (int i = 0; i < PER_WORD; i++) {
            const float top = rows[word % 4].a[word / 4 * 2][i];
            const float bottom = rows[word % 4].a[word / 4 * 2 + 1][i];
            d[0] += top * left[word % 4].b[word / 4][i];
            d[1] += top * right[word % 4].b[word / 4][i];
            d[2] += bottom * left[word % 4].b[word / 4][i];
            d[3] += bottom * right[word % 4].b[word / 4][i];
        }
    }
}

template <class Half>
inline void mma_halves(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    MmaLane<2> lane;
    for (int i = 0; i < 8; i++) {
        lane.a[i / 2][i % 2] = to_float(Half {static_cast<unsigned short>(a[i / 2] >> i % 2 * 16)});
    }
    for (int i = 0; i < 4; i++) {
        lane.b[i / 2][i % 2] = to_float(Half {static_cast<unsigned short>(b[i / 2] >> i % 2 * 16)});
    }
    mma_lanes(d, lane);
}

inline void mma_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) { mma_halves<half_t>(d, a, b); }
inline void mma_bf16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) { mma_halves<bfloat16_t>(d, a, b); }

inline void mma_tf32(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    MmaLane<1> lane;
    for (int i = 0; i < 4; i++) {
        lane.a[i][0] = __uint_as_float(a[i] & 0xffffe000u); // the hardware does not read the lowest bits
    }
    for (int i = 0; i < 2; i++) {
        lane.b[i][0] = __uint_as_float(b[i] & 0xffffe000u);
    }
    mma_lanes(d, lane);
}

inline void load_matrices(unsigned (&r)[4], const void* row) {
    const void* const* rows = host_grid::warp_all(FULL_WARP, row);
    for (int i = 0; i < 4; i++) {
        r[i] = static_cast<const unsigned*>(rows[8 * i + host_grid::lane() / 4])[host_grid::lane() % 4];
    }
}

// The same of halves, each matrix transposed.
inline void load_transposed(unsigned (&r)[4], const void* row) {
    const void* const* rows = host_grid::warp_all(FULL_WARP, row);
    for (int i = 0; i < 4; i++) {
        const void* const* pair = rows + 8 * i + host_grid::lane() % 4 * 2;
        const int column = host_grid::lane() / 4;
        r[i] = static_cast<const unsigned short*>(pair[0])[column]
                | static_cast<unsigned>(static_cast<const unsigned short*>(pair[1])[column]) << 16;
    }
}

inline void copy16(void* shared, const void* global, bool valid) {
    if (valid) {
        memcpy(shared, global, 16);
    } else {
        memset(shared, 0, 16);
    }
}

inline void commit_copies() {}

template <int PENDING>
inline void await_copies() {}

inline unsigned to_tf32(float x) {
    return __float_as_uint(x) + 0x1000u & 0xffffe000u;
}

#else

DEVICE unsigned shared_address(const void* pointer) { return static_cast<unsigned>(__cvta_generic_to_shared(pointer)); }

// Compute capability 7.5 has no bfloat16 or TF32; nobody may ask for them there.
#if __CUDA_ARCH__ >= 800
#define MMA(name, shape) \
    DEVICE void name(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) { \
        asm volatile("mma.sync.aligned." shape " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
                     : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1])); \
    }
MMA(mma_f16, "m16n8k16.row.col.f32.f16.f16.f32")
MMA(mma_bf16, "m16n8k16.row.col.f32.bf16.bf16.f32")
MMA(mma_tf32, "m16n8k8.row.col.f32.tf32.tf32.f32")
#undef MMA
#else
DEVICE void mma_f16(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    for (int i = 0; i < 2; i++) {
        asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"
                     : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                     : "r"(a[2 * i]), "r"(a[2 * i + 1]), "r"(b[i]));
    }
}
DEVICE void mma_bf16(float (&)[4], const unsigned (&)[4], const unsigned (&)[2]) { __trap(); }
DEVICE void mma_tf32(float (&)[4], const unsigned (&)[4], const unsigned (&)[2]) { __trap(); }
#endif

// Loads four 8×8 matrices of 16-byte rows in shared memory: lane l names row l % 8 of matrix l / 8.
DEVICE void load_matrices(unsigned (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)) : "memory");
}

// The same of halves, each matrix transposed.
DEVICE void load_transposed(unsigned (&r)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row)) : "memory");
}

// Starts to copy 16 bytes, or zeros, to shared memory; seen by the block after await_copies and a barrier.
DEVICE void copy16(void* shared, const void* global, bool valid) {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                 :: "r"(shared_address(shared)), "l"(global), "r"(valid ? 16 : 0) : "memory");
#else
    *static_cast<uint4*>(shared) = valid ? *static_cast<const uint4*>(global) : make_uint4(0, 0, 0, 0);
#endif
}

// Ends a group of copies.
DEVICE void commit_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits until all but the newest PENDING groups of this thread have arrived.
template <int PENDING>
DEVICE void await_copies() {
#if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" :: "n"(PENDING) : "memory");
#endif
}

// Rounds to the nearest of 10 bits of fraction, halves away from zero.
DEVICE unsigned to_tf32(float x) {
#if __CUDA_ARCH__ >= 800
    unsigned y;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(y) : "f"(x));
    return y;
#else
    return __float_as_uint(x);
#endif
}

#endif

// Two neighbours along K as one word, the first in the lower half.
DEVICE unsigned to_halves(half_t, float first, float second) {
#if !defined(STYLEGAN4J_HOST_GRID) && __CUDA_ARCH__ >= 800
    unsigned word;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(second), "f"(first));
    return word;
#else
    return from_float<half_t>(first).bits | static_cast<unsigned>(from_float<half_t>(second).bits) << 16;
#endif
}

DEVICE unsigned to_halves(bfloat16_t, float first, float second) {
#if !defined(STYLEGAN4J_HOST_GRID) && __CUDA_ARCH__ >= 800
    unsigned word;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(second), "f"(first));
    return word;
#else
    return from_float<bfloat16_t>(first).bits | static_cast<unsigned>(from_float<bfloat16_t>(second).bits) << 16;
#endif
}
