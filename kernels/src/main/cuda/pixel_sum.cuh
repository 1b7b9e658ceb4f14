// Products summed over pixels: D[row][column] += Σ A[pixel][row]·B[pixel + tap][column], for several taps at once.
//
// Both pictures lie in shared memory as patches do, pixel by pixel with chunks of channels inside, so K runs across
// the rows of shared memory. Halves are turned while they are read (ldmatrix.trans): eight pixels of 80 bytes meet no
// bank twice. TF32 numbers are read word by word; the order of pixels along K is free as long as A and B agree, and
// with pixels 2t and 2t + 1 as words t and t + 4 a warp's 32 words lie in 32 banks. A tap is only a shift of B, so A's
// fragments serve all taps.
#pragma once
#include "tile.cuh"

// A warp's part of it: 16·ROWS16 rows times 8 columns. This lane's sum[tap][i] stands for
// D[16i + g + 8·(0,0,1,1)][2t + (0,1,0,1)] in every precision.
template <int ROWS16, int VIEWS>
struct PixelSum {
    static constexpr int STEP = HALVES ? 16 : TENSOR_CORES ? 8 : 2; // pixels

    float sum[VIEWS][ROWS16][4];

    // The first pixel of a step that this lane reads; without halves it reads that one's right neighbour, too.
    static DEVICE int a_pixel(int lane) { return HALVES ? lane % 8 + lane / 16 * 8 : TENSOR_CORES ? lane % 4 * 2 : 0; }
    static DEVICE int b_pixel(int lane) { return HALVES ? lane % 16 : TENSOR_CORES ? lane % 4 * 2 : 0; }

    // Bytes from a pixel's beginning to what the lane reads first.
    static DEVICE int a_shift(int lane) { return HALVES ? lane / 8 % 2 * 16 : lane / 4 * 4; }
    static DEVICE int b_shift(int lane) { return HALVES ? 0 : TENSOR_CORES ? lane / 4 * 4 : lane % 4 * 8; }

    DEVICE void clear() {
#pragma unroll
        for (int tap = 0; tap < VIEWS; tap++) {
#pragma unroll
            for (int i = 0; i < 4 * ROWS16; i++) {
                sum[tap][i / 4][i % 4] = 0;
            }
        }
    }

    // Adds a step's products.
    // a, b: where this lane reads first; chunk_bytes from a chunk of a's channels to the next; shift of each tap
    DEVICE void add(const unsigned char* a, int chunk_bytes, const unsigned char* b, const int* shift) {
        if constexpr (HALVES) {
            unsigned as[ROWS16][4];
#pragma unroll
            for (int i = 0; i < ROWS16; i++) {
                load_transposed(as[i], a + i / 2 * chunk_bytes + i % 2 * 32);
            }
#pragma unroll
            for (int tap = 0; tap < VIEWS; tap += 2) {
                // one load for two taps: lanes from 16 on name the pixels of the second
                unsigned pair[4];
                load_transposed(pair, b + (threadIdx.x % 32 < 16 || tap + 1 == VIEWS ? shift[tap] : shift[tap + 1]));
#pragma unroll
                for (int second = 0; second < (tap + 1 < VIEWS ? 2 : 1); second++) {
                    const unsigned column[2] = {pair[2 * second], pair[2 * second + 1]};
#pragma unroll
                    for (int i = 0; i < ROWS16; i++) {
                        multiply(sum[tap + second][i], as[i], column);
                    }
                }
            }
        } else {
            // rows g and g + 8 of the pixel, then of its neighbour
            unsigned as[ROWS16][4];
#pragma unroll
            for (int i = 0; i < ROWS16; i++) {
#pragma unroll
                for (int k = 0; k < 4; k++) {
                    as[i][k] = word(a + i * chunk_bytes + k / 2 * ROW_BYTES + k % 2 * 32);
                }
            }
#pragma unroll
            for (int tap = 0; tap < VIEWS; tap++) {
                const unsigned char* const from = b + shift[tap];
                if constexpr (TENSOR_CORES) {
                    const unsigned column[2] = {word(from), word(from + ROW_BYTES)};
#pragma unroll
                    for (int i = 0; i < ROWS16; i++) {
                        multiply(sum[tap][i], as[i], column);
                    }
                } else {
#pragma unroll
                    for (int pixel = 0; pixel < 2; pixel++) {
                        const float2 column = *reinterpret_cast<const float2*>(from + pixel * ROW_BYTES);
#pragma unroll
                        for (int i = 0; i < ROWS16; i++) {
                            float (&d)[4] = sum[tap][i];
                            const float top = __uint_as_float(as[i][2 * pixel]);
                            const float bottom = __uint_as_float(as[i][2 * pixel + 1]);
                            d[0] = fmaf(top, column.x, d[0]);
                            d[1] = fmaf(top, column.y, d[1]);
                            d[2] = fmaf(bottom, column.x, d[2]);
                            d[3] = fmaf(bottom, column.y, d[3]);
                        }
                    }
                }
            }
        }
    }

private:
    static DEVICE unsigned word(const unsigned char* at) { return *reinterpret_cast<const unsigned*>(at); }
};
