// How a warp multiplies a tile in shared memory, in each precision. Matrices lie in shared memory as rows of one
// CHUNK along K: 64 bytes of numbers (16 words) and 16 bytes of padding, so that eight neighbouring rows, or every
// second row, meet no bank twice or few. A slot is 16 bytes of a row.
//
// Chosen by -DPRECISION=0 (binary32, multiply-adds), 1 (TF32), 2 (binary16), 3 (bfloat16), in the order of the enum.
#pragma once
#include "mma.cuh"

#define PRECISION_F32 0
#define PRECISION_TF32 1
#define PRECISION_F16 2
#define PRECISION_BF16 3

constexpr int ROW_BYTES = 80;
constexpr int SLOTS = 4;
constexpr bool HALVES = PRECISION >= PRECISION_F16;
constexpr int CHUNK = HALVES ? 32 : 16;
constexpr int SLOT_NUMBERS = CHUNK / SLOTS;
constexpr bool TENSOR_CORES = PRECISION != PRECISION_F32;

// Blocks of a large tile that a multiprocessor should hold: plain multiply-adds want registers more, and compute
// capability 7.5 has no shared memory for two.
#if PRECISION == PRECISION_F32 || defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 800
constexpr int RESIDENT_BLOCKS = 1;
#else
constexpr int RESIDENT_BLOCKS = 2;
#endif

#if PRECISION == PRECISION_BF16
typedef bfloat16_t Stored;
#elif PRECISION == PRECISION_F16
typedef half_t Stored;
#else
typedef float Stored;
#endif

// One slot's numbers in the form that products take.
DEVICE uint4 to_slot(const float (&v)[SLOT_NUMBERS]) {
#if PRECISION == PRECISION_F32
    return make_uint4(__float_as_uint(v[0]), __float_as_uint(v[1]), __float_as_uint(v[2]), __float_as_uint(v[3]));
#elif PRECISION == PRECISION_TF32
    return make_uint4(to_tf32(v[0]), to_tf32(v[1]), to_tf32(v[2]), to_tf32(v[3]));
#else
    return make_uint4(to_halves(Stored {}, v[0], v[1]), to_halves(Stored {}, v[2], v[3]),
                      to_halves(Stored {}, v[4], v[5]), to_halves(Stored {}, v[6], v[7]));
#endif
}

// D += A·B, by tensor cores.
DEVICE void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if PRECISION == PRECISION_BF16
    mma_bf16(d, a, b);
#elif PRECISION == PRECISION_F16
    mma_f16(d, a, b);
#else
    mma_tf32(d, a, b);
#endif
}

// A warp's part of a product: 16·ROWS16 rows of A times 8·COLUMNS8 rows of B. This lane's sum[i][j] stands for
// D[16i + g + 8·(0,0,1,1)][8j + 2t + (0,1,0,1)] in every precision.
template <int ROWS16, int COLUMNS8>
struct WarpTile {
    // How many rows of B a lane reads from, and which ones.
    static constexpr int B_ROWS = TENSOR_CORES ? (COLUMNS8 + 1) / 2 : 2 * COLUMNS8;

    float sum[ROWS16][COLUMNS8][4];

    static DEVICE int b_row(int lane, int i) {
        return TENSOR_CORES ? min(16 * i + lane % 8 + lane / 16 * 8, 8 * COLUMNS8 - 1)
                : i / 2 * 8 + lane % 4 * 2 + i % 2;
    }

    // Bytes from a row's beginning to what the lane reads first.
    static DEVICE int b_shift(int lane) { return TENSOR_CORES ? lane / 8 % 2 * 16 : 0; }

    static DEVICE int a_offset(int lane) {
        return TENSOR_CORES ? lane % 16 * ROW_BYTES + lane / 16 * 16 : lane / 4 * ROW_BYTES;
    }

    DEVICE void clear() {
#pragma unroll
        for (int i = 0; i < ROWS16; i++) {
#pragma unroll
            for (int j = 0; j < COLUMNS8; j++) {
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    sum[i][j][k] = 0;
                }
            }
        }
    }

    // Adds the products along a chunk.
    // a: a_offset bytes after the warp's first row; b: where this lane's rows (with b_shift) are, from `bs` on
    DEVICE void add(const unsigned char* a, const unsigned char* bs, const int (&b)[B_ROWS]) {
        if constexpr (TENSOR_CORES) {
#pragma unroll
            for (int step = 0; step < 64; step += 32) {
                unsigned as[ROWS16][4];
#pragma unroll
                for (int i = 0; i < ROWS16; i++) {
                    load_matrices(as[i], a + 16 * i * ROW_BYTES + step);
                }
#pragma unroll
                for (int j = 0; j < COLUMNS8; j += 2) {
                    unsigned pair[4];
                    load_matrices(pair, bs + b[j / 2] + step);
#pragma unroll
                    for (int half = 0; half < (j + 1 < COLUMNS8 ? 2 : 1); half++) {
                        const unsigned column[2] = {pair[2 * half], pair[2 * half + 1]};
#pragma unroll
                        for (int i = 0; i < ROWS16; i++) {
                            multiply(sum[i][j + half], as[i], column);
                        }
                    }
                }
            }
        } else {
#pragma unroll
            for (int step = 0; step < 64; step += 16) {
                float4 as[2 * ROWS16];
#pragma unroll
                for (int i = 0; i < 2 * ROWS16; i++) {
                    as[i] = *reinterpret_cast<const float4*>(a + 8 * i * ROW_BYTES + step);
                }
#pragma unroll
                for (int j = 0; j < 2 * COLUMNS8; j++) {
                    const float4 column = *reinterpret_cast<const float4*>(bs + b[j] + step);
#pragma unroll
                    for (int i = 0; i < 2 * ROWS16; i++) {
                        float& d = sum[i / 2][j / 2][i % 2 * 2 + j % 2];
                        d = fmaf(as[i].x, column.x, d);
                        d = fmaf(as[i].y, column.y, d);
                        d = fmaf(as[i].z, column.z, d);
                        d = fmaf(as[i].w, column.w, d);
                    }
                }
            }
        }
    }
};
