// Convolutions as products of weights [O, C·taps] with pixels, several taps reading the same patch in shared memory.
//
// A block makes a tile of output channels times positions (samples × rows × columns, powers of two). It walks over
// chunks of input channels; of each it loads the tile's patch once, multiplied by the styles and laid out pixel by
// pixel with channels inside, and every tap then multiplies a shifted view of the patch. The weights of each tap
// come from a packed copy (pack.cu) through a ring of asynchronous copies; the next patch waits in registers.
//
// An output picture may consist of phases, each with its own taps: phase (a, b) of an input gradient by stride 2
// writes pixels (2y + a, 2x + b). With splits, each z-block sums a part of the channels into its own partial result,
// and finish.cu adds them in order.
//
// -DPRECISION, -DX_TYPE, -DY_TYPE, -DACTIVATION (its ordinal), -DWARPS_M, -DWARPS_N, -DTILES_M, -DTILES_N (fragments
// of 16 rows and of 8 columns of a warp), -DSTAGES of the ring, -DPIECES of the next patch to load during each tap.
#ifndef PRECISION // a variant that stands for the others where nobody chooses one
#define PRECISION 2
#define X_TYPE half_t
#define Y_TYPE half_t
#define ACTIVATION 2
#define WARPS_M 2
#define WARPS_N 4
#define TILES_M 4
#define TILES_N 4
#define STAGES 4
#define PIECES 1
#endif
#include "patch.cuh"
#include "epilogue.cuh"

constexpr int MAX_TAPS = 64;
constexpr int MAX_PHASES = 4;
constexpr int THREADS = 32 * WARPS_M * WARPS_N;
constexpr int ROWS = 16 * TILES_M * WARPS_M;
constexpr int STAGE_BYTES = ROWS * ROW_BYTES;
constexpr int PACKED_BYTES = 64; // of a packed row of weights

typedef PatchLoader<THREADS, PIECES> Loader;

struct ConvParams {
    const X_TYPE* x;
    const unsigned char* weight; // [chunks][taps][O] rows of 64 bytes
    const float* styles;         // [N, C], or null
    Y_TYPE* y;                        // [splits, N, O, height, width]
    EpilogueParams epilogue;
    long long x_plane;           // h·w
    int n, c, h, w;              // of x
    int o, height, width;        // of y
    int log_width, log_height, log_samples; // of a tile of positions, at least two wide
    int tiles_x, tiles_y;
    int stride;                  // pixels of x between neighbouring positions
    int patch_width, patch_height;
    int min_y, min_x;            // where position 0's patch begins
    int chunks, chunks_per_split;
    int phases, y_stride;        // y_stride² phases
    int pairs;                   // whether two neighbours of a row of y can be stored at once
    int taps;                    // of all phases
    int first_tap[MAX_PHASES + 1];
    int shift[MAX_TAPS];         // bytes in the patch from a position to its tap
};

// Walks over the weights of (chunk, tap) in the order of the products. Slots are shared out as a patch's.
struct WeightLoader {
    static constexpr int LOAD_ROWS = THREADS / SLOTS;
    static constexpr int COPIES = (ROWS + LOAD_ROWS - 1) / LOAD_ROWS;

    const unsigned char* from;
    const int tap_bytes;
    const int chunk_bytes;       // from the phase's last tap to its first of the next chunk
    const int taps;
    const int rows;              // left from the block's first one on
    int tap;

    DEVICE WeightLoader(const ConvParams& p, int row, int chunk, int first_tap, int taps)
            : from(p.weight + ((static_cast<long long>(chunk) * p.taps + first_tap) * p.o + row + threadIdx.x / SLOTS)
                              * PACKED_BYTES + threadIdx.x % SLOTS * 16),
              tap_bytes(p.o * PACKED_BYTES), chunk_bytes((p.taps - taps) * tap_bytes),
              taps(taps), rows(p.o - row), tap(0) {
    }

    DEVICE void load(unsigned char* stage, bool more) {
        if (more) {
            const int row = threadIdx.x / SLOTS;
#pragma unroll
            for (int i = 0; i < COPIES; i++) {
                if (ROWS % LOAD_ROWS == 0 || row + i * LOAD_ROWS < ROWS) {
                    copy16(stage + (row + i * LOAD_ROWS) * ROW_BYTES + threadIdx.x % SLOTS * 16,
                           from + i * LOAD_ROWS * PACKED_BYTES, row + i * LOAD_ROWS < rows);
                }
            }
            from += tap_bytes;
            if (++tap == taps) {
                tap = 0;
                from += chunk_bytes;
            }
        }
        commit_copies();
    }
};

// Which positions of which phase a block makes, and of which part of the channels.
struct BlockPlace {
    int sample, y, x;
    int phase, split;

    DEVICE BlockPlace(const ConvParams& p, int tile, int part)
            : sample(tile / p.tiles_x / p.tiles_y << p.log_samples), y(tile / p.tiles_x % p.tiles_y << p.log_height),
              x(tile % p.tiles_x << p.log_width), phase(part % p.phases), split(part / p.phases) {
    }
};

KERNEL_OCCUPANCY(conv, ConvParams, THREADS, RESIDENT_BLOCKS) {
    DYNAMIC_SHARED(unsigned char, shared);
    const int patch_area = p.patch_height * p.patch_width;
    const int patch_rows = patch_area << p.log_samples;
    const int channels = p.chunks * CHUNK;
    unsigned char* const patches = shared + STAGES * STAGE_BYTES;
    float* const styles = reinterpret_cast<float*>(patches + 2 * patch_rows * ROW_BYTES);
    Origin* const origins = reinterpret_cast<Origin*>(styles + (channels << p.log_samples));

    const BlockPlace first(p, blockIdx.x, blockIdx.z);
    const int first_row = blockIdx.y * ROWS;
    const int lane = threadIdx.x % 32;
    const int warp_row = threadIdx.x / 32 % WARPS_M * 16 * TILES_M;
    const int warp_column = threadIdx.x / 32 / WARPS_M * 8 * TILES_N;

    const int first_chunk = first.split * p.chunks_per_split;
    const int last_chunk = min(first_chunk + p.chunks_per_split, p.chunks);
    const int taps = p.first_tap[first.phase + 1] - p.first_tap[first.phase];
    const int steps = (last_chunk - first_chunk) * taps;
    WarpTile<TILES_M, TILES_N> tile;
    tile.clear();
    if (steps > 0) {
        WeightLoader weights(p, first_row, first_chunk, p.first_tap[first.phase], taps);
        int loaded = 0;
        for (; loaded < STAGES - 1; loaded++) {
            weights.load(shared + loaded * STAGE_BYTES, loaded < steps);
        }
        for (int i = threadIdx.x; i < channels << p.log_samples; i += THREADS) {
            const int sample = first.sample + i / channels;
            const int channel = i % channels;
            styles[i] = p.styles == nullptr || sample >= p.n || channel >= p.c ? 1.0f
                    : p.styles[static_cast<long long>(sample) * p.c + channel];
        }
        for (int i = threadIdx.x; i < patch_rows; i += THREADS) {
            const int s = i / patch_area;
            const int y = first.y * p.stride + p.min_y + i % patch_area / p.patch_width;
            const int x = first.x * p.stride + p.min_x + i % patch_area % p.patch_width;
            const bool inside = first.sample + s < p.n && y >= 0 && y < p.h && x >= 0 && x < p.w;
            origins[i] = {inside ? (s * p.c * p.h + y) * p.w + x : -1, s * channels};
        }
        int columns[WarpTile<TILES_M, TILES_N>::B_ROWS];
#pragma unroll
        for (int i = 0; i < WarpTile<TILES_M, TILES_N>::B_ROWS; i++) {
            const int column = warp_column + tile.b_row(lane, i);
            const int x = column & ((1 << p.log_width) - 1);
            const int y = column >> p.log_width & ((1 << p.log_height) - 1);
            const int s = column >> p.log_width >> p.log_height;
            columns[i] = ((s * p.patch_height + y * p.stride) * p.patch_width + x * p.stride) * ROW_BYTES
                    + tile.b_shift(lane);
        }
        __syncthreads();
        Loader loader {p.x + first.sample * p.c * p.x_plane, styles, origins, p.x_plane, p.c, patch_rows, {}};
        for (int piece = 0; piece * Loader::LOAD_ROWS < patch_rows; piece += PIECES) {
            loader.load(first_chunk, piece);
            loader.store(first_chunk, piece, patches + (first_chunk & 1) * patch_rows * ROW_BYTES);
        }

        const unsigned char* const a = shared + warp_row * ROW_BYTES + tile.a_offset(lane);
        int stage = 0;
        for (int chunk = first_chunk; chunk < last_chunk; chunk++) {
            const unsigned char* const patch = patches + (chunk & 1) * patch_rows * ROW_BYTES;
            unsigned char* const next = patches + (~chunk & 1) * patch_rows * ROW_BYTES;
            const bool more = chunk + 1 < last_chunk;
            for (int tap = 0; tap < taps; tap++) {
                await_copies<STAGES - 2>();
                __syncthreads();
                weights.load(shared + (stage == 0 ? STAGES - 1 : stage - 1) * STAGE_BYTES, loaded++ < steps);
                if (more) {
                    loader.load(chunk + 1, tap * PIECES);
                }
                tile.add(a + stage * STAGE_BYTES, patch + p.shift[p.first_tap[first.phase] + tap], columns);
                if (more) {
                    loader.store(chunk + 1, tap * PIECES, next);
                }
                stage = stage + 1 == STAGES ? 0 : stage + 1;
            }
        }
    }

    const BlockPlace place(p, anew(blockIdx.x), anew(blockIdx.z));
    // A lane's columns are pairs of neighbours in a row; of each, first what does not depend on the channel.
    int pixels[TILES_N][2]; // in the plane, negative outside
    int samples[TILES_N];
    float noise[TILES_N][2];
#pragma unroll
    for (int j = 0; j < TILES_N; j++) {
        const int column = warp_column + 8 * j + lane % 4 * 2;
        const int x = (place.x + (column & ((1 << p.log_width) - 1))) * p.y_stride + place.phase % p.y_stride;
        const int y = (place.y + (column >> p.log_width & ((1 << p.log_height) - 1))) * p.y_stride
                + place.phase / p.y_stride;
        samples[j] = place.sample + (column >> p.log_width >> p.log_height);
#pragma unroll
        for (int k = 0; k < 2; k++) {
            const bool inside = samples[j] < p.n && y < p.height && x + k * p.y_stride < p.width;
            pixels[j][k] = inside ? y * p.width + x + k * p.y_stride : -1;
            noise[j][k] = inside ? noise_at(p.epilogue, samples[j], pixels[j][k]) : 0.0f;
        }
    }
    const long long plane = static_cast<long long>(p.height) * p.width;
#pragma unroll
    for (int half = 0; half < 2 * TILES_M; half++) {
        const int channel = first_row + warp_row + 8 * half + lane / 4;
        if (channel >= p.o) {
            continue;
        }
        const float bias = bias_of(p.epilogue, channel);
        float scale = demodulation_of(p.epilogue, place.sample, channel);
#pragma unroll
        for (int j = 0; j < TILES_N; j++) {
            if (pixels[j][0] < 0) {
                continue;
            }
            if (p.log_samples != 0) {
                scale = demodulation_of(p.epilogue, samples[j], channel);
            }
            Pack<Y_TYPE, 2> pair;
#pragma unroll
            for (int k = 0; k < 2; k++) {
                const float v = tile.sum[half / 2][j][half % 2 * 2 + k];
                pair.v[k] = from_float<Y_TYPE>(activated(p.epilogue, fmaf(v, scale, noise[j][k]) + bias));
            }
            Y_TYPE* const y = p.y + (static_cast<long long>(place.split * p.n + samples[j]) * p.o + channel) * plane;
            if (p.pairs) {
                *reinterpret_cast<Pack<Y_TYPE, 2>*>(y + pixels[j][0]) = pair;
            } else {
                y[pixels[j][0]] = pair.v[0];
                if (pixels[j][1] >= 0) {
                    y[pixels[j][1]] = pair.v[1];
                }
            }
        }
    }
}
