// Matrix products, and convolutions of any geometry as products whose operands are gathered element by element: what
// always works, and the reference of the faster ways.
//
// A block makes a tile [ROWS, COLUMNS] of y = a·b of one batch (a matrix, or a group of channels), over one of the
// splits of K; with several splits each writes a partial result, which finish.cu adds in order.
//
// -DPRECISION, -DA_TYPE, -DB_TYPE, -DY_TYPE; -DKIND: 0 matrices, 1 convolution, 2 its input gradient, 3 its weight's
#ifndef PRECISION // a variant that stands for the others where nobody chooses one
#define PRECISION 0
#define KIND 0
#define A_TYPE float
#define B_TYPE float
#define Y_TYPE float
#endif
#include "tile.cuh"

#define KIND_MATRICES 0
#define KIND_CONVOLUTION 1
#define KIND_INPUT_GRADIENT 2
#define KIND_WEIGHT_GRADIENT 3

constexpr int WARPS_M = 2;
constexpr int WARPS_N = 4;
constexpr int TILES_M = 2;
constexpr int TILES_N = 2;
constexpr int THREADS = 32 * WARPS_M * WARPS_N;
constexpr int ROWS = 16 * TILES_M * WARPS_M;
constexpr int COLUMNS = 8 * TILES_N * WARPS_N;

// Convolution: x [N, C, h, w], weight [O, C / groups, kernel_y, kernel_x], z = its result [N, O, oh, ow].
struct GemmParams {
    const A_TYPE* a;
    const B_TYPE* b;
    const float* x_scale; // [N, C], or null: multiplies x, or its gradient
    const float* z_scale; // [N, O], or null: multiplies the result, or its gradient
    Y_TYPE* y;
    long long y_split;    // elements between partial results
    long long a_batch, a_row, a_depth;
    long long b_batch, b_column, b_depth;
    long long y_batch, y_row, y_column;
    int m, n, k;
    int k_per_split; // a multiple of CHUNK
    int batches;
    int channels_in, channels_out; // of all groups
    int height, width, out_height, out_width;
    int kernel_y, kernel_x;
    int stride_y, stride_x, pad_y, pad_x, dilation_y, dilation_x, groups;
};

#if KIND == KIND_MATRICES
// Element k of a row of a, or of a column of b.
struct Left {
    const A_TYPE* from;
    long long step;

    DEVICE Left(const GemmParams& p, int batch, int row) : from(p.a + batch * p.a_batch + row * p.a_row),
                                                                 step(p.a_depth) {}
    DEVICE float at(int k) const { return to_float(from[k * step]); }
};

struct Right {
    const B_TYPE* from;
    long long step;

    DEVICE Right(const GemmParams& p, int batch, int column)
            : from(p.b + batch * p.b_batch + column * p.b_column), step(p.b_depth) {}
    DEVICE float at(int k) const { return to_float(from[k * step]); }
};

DEVICE void put(const GemmParams& p, int batch, int row, int column, Y_TYPE* y, float v) {
    y[batch * p.y_batch + row * p.y_row + column * p.y_column] = from_float<Y_TYPE>(v);
}
#else

DEVICE float scale(const float* scales, int sample, int channels, int channel) {
    return scales == nullptr ? 1.0f : scales[static_cast<long long>(sample) * channels + channel];
}

// One pixel of all samples, in row-major order.
struct Pixel {
    int sample, y, x;

    DEVICE Pixel(int index, int height, int width)
            : sample(index / width / height), y(index / width % height), x(index % width) {}
};

// Of a kernel [channels, kernel_y, kernel_x].
struct Tap {
    int channel, y, x;

    DEVICE Tap(const GemmParams& p, int index)
            : channel(index / p.kernel_x / p.kernel_y), y(index / p.kernel_x % p.kernel_y), x(index % p.kernel_x) {}
};

// What tap (y, x) of the result's pixel reads of x: zero outside.
DEVICE float input_at(const GemmParams& p, const B_TYPE* x, const Pixel& out, int channel, const Tap& tap) {
    const int iy = out.y * p.stride_y - p.pad_y + tap.y * p.dilation_y;
    const int ix = out.x * p.stride_x - p.pad_x + tap.x * p.dilation_x;
    if (iy < 0 || iy >= p.height || ix < 0 || ix >= p.width) {
        return 0.0f;
    }
    const long long plane = static_cast<long long>(out.sample) * p.channels_in + channel;
    return to_float(x[(plane * p.height + iy) * p.width + ix]) * scale(p.x_scale, out.sample, p.channels_in, channel);
}
#endif

#if KIND == KIND_CONVOLUTION
// Rows: output channels of the group; columns: the result's pixels; K: the kernel.
struct Left {
    const A_TYPE* from;

    DEVICE Left(const GemmParams& p, int group, int row)
            : from(p.a + static_cast<long long>(group * p.m + row) * p.k) {}
    DEVICE float at(int k) const { return to_float(from[k]); }
};

struct Right {
    const GemmParams& p;
    const Pixel pixel;
    const int first_channel;

    DEVICE Right(const GemmParams& p, int group, int column)
            : p(p), pixel(column, p.out_height, p.out_width), first_channel(group * (p.channels_in / p.groups)) {}
    DEVICE float at(int k) const {
        const Tap tap(p, k);
        return input_at(p, p.b, pixel, first_channel + tap.channel, tap);
    }
};

DEVICE void put(const GemmParams& p, int group, int row, int column, Y_TYPE* y, float v) {
    const Pixel pixel(column, p.out_height, p.out_width);
    const int channel = group * p.m + row;
    const long long plane = static_cast<long long>(pixel.sample) * p.channels_out + channel;
    y[(plane * p.out_height + pixel.y) * p.out_width + pixel.x] =
            from_float<Y_TYPE>(v * scale(p.z_scale, pixel.sample, p.channels_out, channel));
}
#elif KIND == KIND_INPUT_GRADIENT
// Rows: input channels of the group; columns: pixels of x; K: output channels of the group times kernel.
struct Left {
    const GemmParams& p;
    const A_TYPE* from;

    DEVICE Left(const GemmParams& p, int group, int row)
            : p(p), from(p.a + (static_cast<long long>(group) * (p.channels_out / p.groups) * p.m + row)
                              * p.kernel_y * p.kernel_x) {}
    DEVICE float at(int k) const {
        const int taps = p.kernel_y * p.kernel_x;
        return to_float(from[static_cast<long long>(k / taps) * p.m * taps + k % taps]);
    }
};

struct Right {
    const GemmParams& p;
    const Pixel pixel;
    const int first_channel;

    DEVICE Right(const GemmParams& p, int group, int column)
            : p(p), pixel(column, p.height, p.width), first_channel(group * (p.channels_out / p.groups)) {}
    DEVICE float at(int k) const {
        const Tap tap(p, k);
        const int y = pixel.y + p.pad_y - tap.y * p.dilation_y;
        const int x = pixel.x + p.pad_x - tap.x * p.dilation_x;
        if (y < 0 || x < 0 || y % p.stride_y != 0 || x % p.stride_x != 0 || y / p.stride_y >= p.out_height
                || x / p.stride_x >= p.out_width) {
            return 0.0f;
        }
        const int channel = first_channel + tap.channel;
        const long long plane = static_cast<long long>(pixel.sample) * p.channels_out + channel;
        return to_float(p.b[(plane * p.out_height + y / p.stride_y) * p.out_width + x / p.stride_x])
                * scale(p.z_scale, pixel.sample, p.channels_out, channel);
    }
};

DEVICE void put(const GemmParams& p, int group, int row, int column, Y_TYPE* y, float v) {
    const Pixel pixel(column, p.height, p.width);
    const int channel = group * p.m + row;
    const long long plane = static_cast<long long>(pixel.sample) * p.channels_in + channel;
    y[(plane * p.height + pixel.y) * p.width + pixel.x] =
            from_float<Y_TYPE>(v * scale(p.x_scale, pixel.sample, p.channels_in, channel));
}
#elif KIND == KIND_WEIGHT_GRADIENT
// Rows: output channels of the group; columns: the kernel; K: the result's pixels. a is the result's gradient.
struct Left {
    const GemmParams& p;
    const int channel;

    DEVICE Left(const GemmParams& p, int group, int row) : p(p), channel(group * p.m + row) {}
    DEVICE float at(int k) const {
        const int area = p.out_height * p.out_width;
        const int sample = k / area;
        const long long plane = static_cast<long long>(sample) * p.channels_out + channel;
        return to_float(p.a[plane * area + k % area]) * scale(p.z_scale, sample, p.channels_out, channel);
    }
};

struct Right {
    const GemmParams& p;
    const Tap tap;
    const int channel;

    DEVICE Right(const GemmParams& p, int group, int column)
            : p(p), tap(p, column), channel(group * (p.channels_in / p.groups) + tap.channel) {}
    DEVICE float at(int k) const {
        return input_at(p, p.b, Pixel(k, p.out_height, p.out_width), channel, tap);
    }
};

DEVICE void put(const GemmParams& p, int group, int row, int column, Y_TYPE* y, float v) {
    y[static_cast<long long>(group * p.m + row) * p.n + column] = from_float<Y_TYPE>(v);
}
#endif

// Rows whose neighbours in memory are along K are loaded by four threads each, others by neighbouring threads.
constexpr bool LEFT_ALONG_K = KIND == KIND_CONVOLUTION || KIND == KIND_WEIGHT_GRADIENT;
constexpr bool RIGHT_ALONG_K = KIND == KIND_WEIGHT_GRADIENT;

// One operand's part of a chunk, on its way from memory to shared memory.
template <class Operand, int COUNT>
struct Loader {
    static constexpr int SLOTS_EACH = COUNT * SLOTS / THREADS;
    static_assert(COUNT * SLOTS % THREADS == 0, "every thread loads the same number of slots");

    const bool along;
    float values[SLOTS_EACH][SLOT_NUMBERS];

    DEVICE int row(int i) const {
        const int index = threadIdx.x + i * THREADS;
        return along ? index / SLOTS : index % COUNT;
    }
    DEVICE int slot(int i) const {
        const int index = threadIdx.x + i * THREADS;
        return along ? index % SLOTS : index / COUNT;
    }

    DEVICE void load(const GemmParams& p, int batch, int first, int count, int k, int end) {
#pragma unroll
        for (int i = 0; i < SLOTS_EACH; i++) {
            const int at = first + row(i);
            const Operand operand(p, batch, at < count ? at : 0);
#pragma unroll
            for (int j = 0; j < SLOT_NUMBERS; j++) {
                const int depth = k + slot(i) * SLOT_NUMBERS + j;
                values[i][j] = at < count && depth < end ? operand.at(depth) : 0.0f;
            }
        }
    }

    DEVICE void store(unsigned char* shared) const {
#pragma unroll
        for (int i = 0; i < SLOTS_EACH; i++) {
            *reinterpret_cast<uint4*>(shared + row(i) * ROW_BYTES + slot(i) * 16) = to_slot(values[i]);
        }
    }
};

// Left to itself, ptxas aims at more blocks and spills.
KERNEL_OCCUPANCY(gemm, GemmParams, THREADS, 2) {
    DYNAMIC_SHARED(unsigned char, shared);
    constexpr int BUFFER = (ROWS + COLUMNS) * ROW_BYTES;
    const int first_column = blockIdx.x * COLUMNS;
    const int first_row = blockIdx.y * ROWS;
    const int batch = blockIdx.z % p.batches;
    const int split = blockIdx.z / p.batches;
    const int lane = threadIdx.x % 32;
    const int warp_row = threadIdx.x / 32 % WARPS_M * 16 * TILES_M;
    const int warp_column = threadIdx.x / 32 / WARPS_M * 8 * TILES_N;
    const int begin = split * p.k_per_split;
    const int end = min(begin + p.k_per_split, p.k);

    WarpTile<TILES_M, TILES_N> tile;
    tile.clear();
    int columns[WarpTile<TILES_M, TILES_N>::B_ROWS];
#pragma unroll
    for (int i = 0; i < WarpTile<TILES_M, TILES_N>::B_ROWS; i++) {
        columns[i] = (ROWS + warp_column + tile.b_row(lane, i)) * ROW_BYTES + tile.b_shift(lane);
    }
    Loader<Left, ROWS> left {LEFT_ALONG_K || KIND == KIND_MATRICES && p.a_depth == 1, {}};
    Loader<Right, COLUMNS> right {RIGHT_ALONG_K || KIND == KIND_MATRICES && p.b_depth == 1, {}};
    left.load(p, batch, first_row, p.m, begin, end);
    right.load(p, batch, first_column, p.n, begin, end);
    int side = 0;
    for (int k = begin; k < end; k += CHUNK) {
        unsigned char* const buffer = shared + side * BUFFER;
        left.store(buffer);
        right.store(buffer + ROWS * ROW_BYTES);
        __syncthreads();
        left.load(p, batch, first_row, p.m, k + CHUNK, end);
        right.load(p, batch, first_column, p.n, k + CHUNK, end);
        tile.add(buffer + warp_row * ROW_BYTES + tile.a_offset(lane), buffer, columns);
        side ^= 1;
    }
#pragma unroll
    for (int i = 0; i < TILES_M; i++) {
#pragma unroll
        for (int j = 0; j < TILES_N; j++) {
#pragma unroll
            for (int k = 0; k < 4; k++) {
                const int row = first_row + warp_row + 16 * i + lane / 4 + k / 2 * 8;
                const int column = first_column + warp_column + 8 * j + lane % 4 * 2 + k % 2;
                if (row < p.m && column < p.n) {
                    put(p, batch, row, column, p.y + split * p.y_split, tile.sum[i][j][k]);
                }
            }
        }
    }
}
