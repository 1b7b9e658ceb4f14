// Up-sampling by two in one pass: a transposed 3×3 convolution by stride 2, whose wide picture stays in shared memory,
// a separable filter of 4×4 taps, and the epilogue.
//
// A block takes a square of positions of x and 16 output channels. Each position makes four pixels of the wide
// picture, one in each phase: tap (ky, kx) adds to phase (ky % 2, kx % 2), reading the position itself or, for ky = 2
// (kx = 2), the one before. The filter needs three more rows and columns, so the squares of neighbouring blocks overlap
// by two positions.
//
// -DPRECISION, -DX_TYPE, -DY_TYPE, -DACTIVATION
#ifndef PRECISION // a variant that stands for the others where nobody chooses one
#define PRECISION 2
#define X_TYPE half_t
#define Y_TYPE half_t
#define ACTIVATION 2
#endif
#include "patch.cuh"
#include "epilogue.cuh"

constexpr int THREADS = 256;
constexpr int ROWS = 16;
constexpr int TAPS = 9;
constexpr int FIR = 4;
constexpr int POSITIONS = 16;
constexpr int PATCH = POSITIONS + 1;
constexpr int PATCH_ROWS = PATCH * PATCH;
constexpr int WIDE = 2 * POSITIONS;
constexpr int OUT = WIDE - FIR;      // pixels of the result, each way
constexpr int STEP = OUT / 2;        // positions from one block to the next
constexpr int WIDE_PITCH = WIDE + 1;
constexpr int WIDE_PLANE = WIDE * WIDE_PITCH + 1;
constexpr int STAGES = 3;
constexpr int STAGE_BYTES = TAPS * ROWS * ROW_BYTES;
constexpr int PACKED_BYTES = 64;
constexpr int WARPS = THREADS / 32;

struct ConvUpParams {
    const X_TYPE* x;
    const unsigned char* weight; // [chunks][9][O] rows of 64 bytes
    const float* styles;         // [N, C], or null
    Y_TYPE* y;                   // [N, O, 2h, 2w]
    EpilogueParams epilogue;
    long long x_plane;           // h·w
    int c, h, w, o;
    int tiles_x, tiles_y;
    int chunks;
    float column[FIR], row[FIR]; // to correlate with
};

typedef PatchLoader<THREADS, 1> Loader;

// A chunk's weights: the slots of a tap's rows by the block's first threads, then of the next tap's.
DEVICE void load_weights(const ConvUpParams& p, int chunk, int first_row, unsigned char* stage) {
    constexpr int TOGETHER = THREADS / (ROWS * SLOTS);
    if (chunk < p.chunks) {
        const int row = threadIdx.x / SLOTS % ROWS;
        const int first_tap = threadIdx.x / (ROWS * SLOTS);
        const bool valid = first_row + row < p.o;
        const long long tap_bytes = static_cast<long long>(p.o) * PACKED_BYTES;
        const unsigned char* from = p.weight + (chunk * TAPS + first_tap) * tap_bytes
                + (valid ? first_row + row : 0) * PACKED_BYTES + threadIdx.x % SLOTS * 16;
        for (int tap = first_tap; tap < TAPS; tap += TOGETHER) {
            copy16(stage + (tap * ROWS + row) * ROW_BYTES + threadIdx.x % SLOTS * 16, from, valid);
            from += TOGETHER * tap_bytes;
        }
    }
    commit_copies();
}

KERNEL_OCCUPANCY(conv_up, ConvUpParams, THREADS, RESIDENT_BLOCKS) {
    DYNAMIC_SHARED(unsigned char, shared);
    const int channels = p.chunks * CHUNK;
    unsigned char* const patches = shared + STAGES * STAGE_BYTES;
    float* const styles = reinterpret_cast<float*>(patches + 2 * PATCH_ROWS * ROW_BYTES);
    Origin* const origins = reinterpret_cast<Origin*>(styles + channels);

    const int tile_x = blockIdx.x % p.tiles_x;
    const int tile_y = blockIdx.x / p.tiles_x % p.tiles_y;
    const int sample = blockIdx.x / p.tiles_x / p.tiles_y;
    const int first_row = blockIdx.y * ROWS;
    const int warp = threadIdx.x / 32;
    const int lane = threadIdx.x % 32;

    for (int stage = 0; stage < STAGES - 1; stage++) {
        load_weights(p, stage, first_row, shared + stage * STAGE_BYTES);
    }
    for (int i = threadIdx.x; i < channels; i += THREADS) {
        styles[i] = p.styles == nullptr || i >= p.c ? 1.0f : p.styles[static_cast<long long>(sample) * p.c + i];
    }
    for (int i = threadIdx.x; i < PATCH_ROWS; i += THREADS) {
        const int y = tile_y * STEP - 2 + i / PATCH;
        const int x = tile_x * STEP - 2 + i % PATCH;
        origins[i] = {y >= 0 && y < p.h && x >= 0 && x < p.w ? y * p.w + x : -1, 0};
    }
    // Phase (a, b) is wide[2a + b]; the warp has 32 positions, two rows of them.
    WarpTile<1, 4> wide[4];
    int columns[WarpTile<1, 4>::B_ROWS];
#pragma unroll
    for (int phase = 0; phase < 4; phase++) {
        wide[phase].clear();
    }
#pragma unroll
    for (int i = 0; i < WarpTile<1, 4>::B_ROWS; i++) {
        const int position = warp * 32 + wide[0].b_row(lane, i);
        columns[i] = ((position / POSITIONS + 1) * PATCH + position % POSITIONS + 1) * ROW_BYTES
                + wide[0].b_shift(lane);
    }
    __syncthreads();
    Loader loader {p.x + static_cast<long long>(sample) * p.c * p.x_plane, styles, origins, p.x_plane, p.c,
                   PATCH_ROWS, {}};
    for (int piece = 0; piece * Loader::LOAD_ROWS < PATCH_ROWS; piece++) {
        loader.load(0, piece);
        loader.store(0, piece, patches);
    }
    int stage = 0;
    for (int chunk = 0; chunk < p.chunks; chunk++) {
        const unsigned char* const patch = patches + (chunk & 1) * PATCH_ROWS * ROW_BYTES;
        unsigned char* const next = patches + (~chunk & 1) * PATCH_ROWS * ROW_BYTES;
        const bool more = chunk + 1 < p.chunks;
        await_copies<STAGES - 2>();
        __syncthreads();
        load_weights(p, chunk + STAGES - 1, first_row,
                     shared + (stage == 0 ? STAGES - 1 : stage - 1) * STAGE_BYTES);
        const unsigned char* const a = shared + stage * STAGE_BYTES + wide[0].a_offset(lane);
#pragma unroll
        for (int tap = 0; tap < TAPS; tap++) {
            const int ky = tap / 3;
            const int kx = tap % 3;
            const bool loads = more && tap * Loader::LOAD_ROWS < PATCH_ROWS;
            if (loads) {
                loader.load(chunk + 1, tap);
            }
            wide[ky % 2 * 2 + kx % 2].add(a + tap * ROWS * ROW_BYTES, patch - (ky / 2 * PATCH + kx / 2) * ROW_BYTES,
                                          columns);
            if (loads) {
                loader.store(chunk + 1, tap, next);
            }
        }
        stage = stage + 1 == STAGES ? 0 : stage + 1;
    }

    __syncthreads();
    float* const picture = reinterpret_cast<float*>(shared); // [ROWS][WIDE][WIDE]
#pragma unroll
    for (int phase = 0; phase < 4; phase++) {
#pragma unroll
        for (int j = 0; j < 4; j++) {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                const int channel = lane / 4 + k / 2 * 8;
                const int position = warp * 32 + 8 * j + lane % 4 * 2 + k % 2;
                const int y = position / POSITIONS * 2 + phase / 2;
                const int x = position % POSITIONS * 2 + phase % 2;
                picture[channel * WIDE_PLANE + y * WIDE_PITCH + x] = wide[phase].sum[0][j][k];
            }
        }
    }
    __syncthreads();
    const int x = tile_x * OUT + lane;
    for (int row = warp; row < ROWS && first_row + row < p.o; row += WARPS) {
        if (lane >= OUT || x >= 2 * p.w) {
            continue;
        }
        const float* const from = picture + row * WIDE_PLANE + WIDE_PITCH + lane + 1;
        const ChannelEpilogue epilogue(p.epilogue, sample, first_row + row);
        Y_TYPE* const y = p.y + (static_cast<long long>(sample) * p.o + first_row + row) * 4 * p.x_plane;
        float lines[FIR] = {};
#pragma unroll 4
        for (int i = 0; i < WIDE - 1; i++) {
            lines[0] = lines[1];
            lines[1] = lines[2];
            lines[2] = lines[3];
            lines[3] = 0;
#pragma unroll
            for (int j = 0; j < FIR; j++) {
                lines[3] = fmaf(from[i * WIDE_PITCH + j], p.row[j], lines[3]);
            }
            const int out = tile_y * OUT + i - (FIR - 1);
            if (i >= FIR - 1 && out < 2 * p.h) {
                float v = 0;
#pragma unroll
                for (int j = 0; j < FIR; j++) {
                    v = fmaf(lines[j], p.column[j], v);
                }
                const long long pixel = static_cast<long long>(out) * 2 * p.w + x;
                y[pixel] = from_float<Y_TYPE>(epilogue.finish(v, pixel));
            }
        }
    }
}
