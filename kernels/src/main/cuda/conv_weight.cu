// The gradient of a convolution's weight: dW[o, c, tap] = Σ over samples and positions of z[o]·x[c] at the tap, with z
// the result's gradient, both multiplied by their channels' scales on the way.
//
// A block makes a tile of output times input channels for all taps (or a group of them), so each number that it loads
// serves ROWS or COLUMNS times TAPS products: with 64 × 64 channels and nine taps 36864 multiply-adds a position for
// 64 numbers of z and about 100 of x, where a product of gathered operands would load nine times as many of x. It walks
// over tiles of positions (samples × rows × columns, powers of two); of each it loads z and the patch of x that all
// taps read shifted views of, laid out as in patch.cuh, and what the next tile needs is on its way in registers while
// one is multiplied. Half types are read as they are, and neither scaled nor widened copies are made. A warp makes all
// rows of eight columns: A's fragments serve every tap, so a wide B would be what costs.
//
// With a stride, the patch's columns are sorted by their remainder, so that neighbouring positions read neighbours.
// With splits, each z-block sums a part of the tiles into its own partial result, and finish.cu adds them in order.
//
// -DPRECISION, -DX_TYPE of both pictures, -DWARPS_N (4 or 8), -DTILES_M of 16 rows, -DTAPS, -DPIECES of the next tile to
// load during each step.
#ifndef PRECISION // a variant that stands for the others where nobody chooses one
#define PRECISION 2
#define X_TYPE half_t
#define WARPS_N 8
#define TILES_M 4
#define TAPS 9
#define PIECES 2
#endif
#include "patch.cuh"
#include "pixel_sum.cuh"

constexpr int MAX_TAPS = 64;
constexpr int THREADS = 32 * WARPS_N;
constexpr int ROWS = 16 * TILES_M;
constexpr int COLUMNS = 8 * WARPS_N;
constexpr int CHUNKS = ((ROWS > COLUMNS ? ROWS : COLUMNS) + CHUNK - 1) / CHUNK; // a power of two
constexpr int CHANNELS = CHUNKS * CHUNK; // of either picture that there is room for
constexpr int STAGE_PITCH = COLUMNS * TAPS + 1;

struct ConvWeightParams {
    const X_TYPE* z;             // [N, O, height, width]
    const X_TYPE* x;             // [N, C, h, w]
    const float* z_scale;        // [N, O], or null
    const float* x_scale;        // [N, C], or null
    float* dw;                   // [splits, O, C, taps]
    long long z_plane, x_plane;  // height·width, h·w
    int n;
    int o, height, width;        // of z
    int c, h, w;                 // of x
    int log_width, log_height, log_samples; // of a tile of positions, at least two wide
    int tiles_x, tiles_y, tiles, tiles_per_split;
    int stride;
    int patch_width, patch_height; // the width a multiple of the stride
    int min_y, min_x;            // where position 0's patch begins
    int scaled_samples;          // rows of the table of scales; 0: all scales are one
    int taps, groups;            // in all, and groups of TAPS
    int shift[MAX_TAPS];         // bytes in the patch from a position to its tap
};

// Which samples and positions a tile is made of.
struct TilePlace {
    int sample, y, x;

    DEVICE TilePlace(const ConvWeightParams& p, int tile)
            : sample(tile / p.tiles_x / p.tiles_y << p.log_samples), y(tile / p.tiles_x % p.tiles_y << p.log_height),
              x(tile % p.tiles_x << p.log_width) {
    }
};

// The pixels of a tile: those of z at its positions, then x's patch.
struct Pixels {
    const ConvWeightParams& p;
    const int positions;
    const int patch_area;
    const int rows;

    DEVICE explicit Pixels(const ConvWeightParams& p)
            : p(p), positions(1 << (p.log_width + p.log_height + p.log_samples)),
              patch_area(p.patch_width * p.patch_height), rows(positions + (patch_area << p.log_samples)) {
    }

    DEVICE int sample(int position) const { return position >> p.log_width >> p.log_height; }
    DEVICE int y(int position) const { return position >> p.log_width & ((1 << p.log_height) - 1); }
    DEVICE int x(int position) const { return position & ((1 << p.log_width) - 1); }

    // Bytes to the pixel of the patch that a tap without a shift reads for a position.
    DEVICE int patch(int position) const {
        return ((sample(position) * p.patch_height + y(position) * p.stride) * p.patch_width + x(position)) * ROW_BYTES;
    }

    // Finds all pixels of a tile, counted from its first sample, and their scales, counted from `first_sample`.
    DEVICE void locate(int tile, int first_sample, Origin* origins) const {
        const TilePlace place(p, tile);
        for (int row = threadIdx.x; row < rows; row += THREADS) {
            int s = sample(row);
            int from;
            bool inside;
            if (row < positions) {
                const int py = place.y + y(row);
                const int px = place.x + x(row);
                inside = py < p.height && px < p.width;
                from = (s * p.o * p.height + py) * p.width + px;
            } else {
                const int i = row - positions;
                const int sorted = i % p.patch_width;
                const int same = p.patch_width / p.stride; // columns with one remainder
                const int py = place.y * p.stride + p.min_y + i % patch_area / p.patch_width;
                const int px = place.x * p.stride + p.min_x + sorted % same * p.stride + sorted / same;
                s = i / patch_area;
                inside = py >= 0 && py < p.h && px >= 0 && px < p.w;
                from = (s * p.c * p.h + py) * p.w + px;
            }
            const int scales = p.scaled_samples == 0 ? 0 : place.sample + s - first_sample;
            origins[row] = {inside && place.sample + s < p.n ? from : -1,
                            (2 * scales + (row < positions ? 0 : 1)) * CHANNELS};
        }
    }
};

// One slot of every LOAD_ROWS-th pixel of a tile, on its way from memory to shared memory. A piece is a chunk of
// LOAD_ROWS pixels.
struct TileLoader {
    static constexpr int LOAD_ROWS = THREADS / SLOTS;

    const ConvWeightParams& p;
    const Pixels& pixels;
    const float* const scales;
    const Origin* const origins;
    const X_TYPE* const z;       // of the tile's first sample and the block's first channels
    const X_TYPE* const x;
    const int z_channels, x_channels; // left from the first ones on
    X_TYPE numbers[PIECES][SLOT_NUMBERS];

    DEVICE TileLoader(const Pixels& pixels, const float* scales, const Origin* origins, int tile, int first_row,
                      int first_column)
            : p(pixels.p), pixels(pixels), scales(scales), origins(origins),
              z(p.z + (static_cast<long long>(TilePlace(p, tile).sample) * p.o + first_row) * p.z_plane),
              x(p.x + (static_cast<long long>(TilePlace(p, tile).sample) * p.c + first_column) * p.x_plane),
              z_channels(min(p.o - first_row, ROWS)), x_channels(min(p.c - first_column, COLUMNS)) {
    }

    DEVICE int pieces() const { return (pixels.rows + LOAD_ROWS - 1) / LOAD_ROWS * CHUNKS; }
    static DEVICE int row(int piece) { return piece / CHUNKS * LOAD_ROWS + threadIdx.x % LOAD_ROWS; }
    static DEVICE int channel(int piece) { return piece % CHUNKS * CHUNK + threadIdx.x / LOAD_ROWS * SLOT_NUMBERS; }

    DEVICE void load(int first) {
#pragma unroll
        for (int i = 0; i < PIECES; i++) {
            const int at = row(first + i);
            const bool of_z = at < pixels.positions;
            const int from = at < pixels.rows ? origins[at].x : -1;
            const long long plane = of_z ? p.z_plane : p.x_plane;
            load_slot(numbers[i], (of_z ? z : x) + channel(first + i) * plane + from, from >= 0,
                      (of_z ? z_channels : x_channels) - channel(first + i), plane);
        }
    }

    DEVICE void store(int first, unsigned char* to) const {
#pragma unroll
        for (int i = 0; i < PIECES; i++) {
            const int at = row(first + i);
            if (at < pixels.rows) {
                store_slot(numbers[i], scales + origins[at].style + channel(first + i),
                           to + ((first + i) % CHUNKS * pixels.rows + at) * ROW_BYTES
                           + threadIdx.x / LOAD_ROWS * 16);
            }
        }
    }
};

DEVICE float scale_of(const float* scales, int n, int channels, int sample, int channel) {
    return scales == nullptr || sample >= n || channel >= channels ? 1.0f
            : scales[static_cast<long long>(sample) * channels + channel];
}

KERNEL_OCCUPANCY(conv_weight, ConvWeightParams, THREADS, WARPS_N == 4 ? 3 : 1) {
    DYNAMIC_SHARED(unsigned char, shared);
    const Pixels pixels(p);
    const int chunk_bytes = pixels.rows * ROW_BYTES;
    float* const scales = reinterpret_cast<float*>(shared + 2 * CHUNKS * chunk_bytes);
    Origin* const origins = reinterpret_cast<Origin*>(scales + max(p.scaled_samples, 1) * 2 * CHANNELS);

    const int first_column = blockIdx.x * COLUMNS;
    const int first_row = blockIdx.y * ROWS;
    const int first_tap = blockIdx.z % p.groups * TAPS;
    const int split = blockIdx.z / p.groups;
    const int first_tile = split * p.tiles_per_split;
    const int last_tile = min(first_tile + p.tiles_per_split, p.tiles);
    const int first_sample = TilePlace(p, first_tile).sample;
    const int lane = threadIdx.x % 32;
    const int warp_column = threadIdx.x / 32 * 8;

    PixelSum<TILES_M, TAPS> product;
    product.clear();
    if (first_tile < last_tile) {
        for (int i = threadIdx.x; i < max(p.scaled_samples, 1) * 2 * CHANNELS; i += THREADS) {
            const int sample = first_sample + i / (2 * CHANNELS);
            const int channel = i % CHANNELS;
            scales[i] = i % (2 * CHANNELS) < CHANNELS ? scale_of(p.z_scale, p.n, p.o, sample, first_row + channel)
                    : scale_of(p.x_scale, p.n, p.c, sample, first_column + channel);
        }
        pixels.locate(first_tile, first_sample, origins + (first_tile & 1) * pixels.rows);
        pixels.locate(first_tile + 1, first_sample, origins + (~first_tile & 1) * pixels.rows);
        __syncthreads();
        TileLoader loader(pixels, scales, origins + (first_tile & 1) * pixels.rows, first_tile, first_row, first_column);
        for (int piece = 0; piece < loader.pieces(); piece += PIECES) {
            loader.load(piece);
            loader.store(piece, shared + (first_tile & 1) * CHUNKS * chunk_bytes);
        }
    }

    const int a_from = product.a_pixel(lane) * ROW_BYTES + product.a_shift(lane);
    const int b_from = warp_column / CHUNK * chunk_bytes + pixels.positions * ROW_BYTES
            + warp_column % CHUNK * static_cast<int>(sizeof(Stored)) + product.b_shift(lane);
    for (int tile = first_tile; tile < last_tile; tile++) {
        const unsigned char* const now = shared + (tile & 1) * CHUNKS * chunk_bytes;
        unsigned char* const next = shared + (~tile & 1) * CHUNKS * chunk_bytes;
        const bool more = tile + 1 < last_tile;
        __syncthreads();
        if (tile + 2 < last_tile) {
            pixels.locate(tile + 2, first_sample, origins + (tile & 1) * pixels.rows);
        }
        TileLoader loader(pixels, scales, origins + (~tile & 1) * pixels.rows, tile + 1, first_row, first_column);
        int piece = 0;
        for (int position = 0; position < pixels.positions; position += product.STEP) {
            if (more) {
                loader.load(piece);
            }
            product.add(now + a_from + position * ROW_BYTES, chunk_bytes,
                        now + b_from + pixels.patch(position + product.b_pixel(lane)), p.shift + first_tap);
            if (more) {
                loader.store(piece, next);
            }
            piece += PIECES;
        }
    }

    // Through shared memory, so that neighbouring threads write neighbours.
    float* const stage = reinterpret_cast<float*>(shared);
    float* const dw = p.dw + split * (static_cast<long long>(p.o) * p.c * p.taps);
#pragma unroll
    for (int i = 0; i < TILES_M; i++) {
        __syncthreads();
#pragma unroll
        for (int tap = 0; tap < TAPS; tap++) {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                stage[(lane / 4 + k / 2 * 8) * STAGE_PITCH + (warp_column + lane % 4 * 2 + k % 2) * TAPS + tap] =
                        product.sum[tap][i][k];
            }
        }
        __syncthreads();
        for (int at = threadIdx.x; at < 16 * COLUMNS * TAPS; at += THREADS) {
            const int row = first_row + 16 * i + at / (COLUMNS * TAPS);
            const int column = first_column + at / TAPS % COLUMNS;
            const int tap = first_tap + at % TAPS;
            if (row < p.o && column < p.c && tap < p.taps) {
                dw[(static_cast<long long>(row) * p.c + column) * p.taps + tap] =
                        stage[at / (COLUMNS * TAPS) * STAGE_PITCH + at % (COLUMNS * TAPS)];
            }
        }
    }
}
