package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;

/**
 * The input of a convolution: pieces of it are copied to an array ("staged") with padding and channel scales applied,
 * where tiles can read them at any offset.
 */
final class Picture {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int NR = KERNEL.nr();
    /** Floats in a cache line. */
    private static final int LINE = 16;

    private final MemorySegment memory;
    private final long offset;
    private final int channels;
    private final int height;
    private final int width;
    private final boolean scaled;
    private final float[] scales;

    /**
     * @param x dense [N, C, H, W]
     * @param scales [N, C], or null for ones
     */
    Picture(NdArray x, NdArray scales) {
        this.memory = CpuBuffer.segmentOf(x);
        this.offset = x.offset();
        this.channels = x.size(1);
        this.height = x.size(2);
        this.width = x.size(3);
        this.scaled = scales != null;
        this.scales = Scales.read(scales, x.size(0) * channels);
    }

    /**
     * The piece of a picture under a box of output pixels. Staged rows hold every {@code stride}-th column, from each
     * of the first {@code stride} columns on, so that neighbouring outputs read neighbours.
     *
     * @param y first row, which may lie outside of the picture, like the column x
     */
    record Window(int y, int x, int rows, int columns, int stride) {
        static Window under(PixelBlocks.Box box, Taps taps, int strideY, int strideX) {
            return new Window(box.y() * strideY + taps.minY(), box.x() * strideX + taps.minX(),
                    (box.rows() - 1) * strideY + 1 + taps.spanY(), (box.columns() - 1) * strideX + 1 + taps.spanX(),
                    strideX);
        }

        /** Staged size of a row. */
        int pitch() {
            return Math.ceilDiv(columns, stride) * stride;
        }

        int size() {
            return rows * pitch();
        }

        /** Distance of staged channels: an odd number of cache lines, so that they do not compete for few of them. */
        int plane() {
            return (Math.ceilDiv(size(), LINE) | 1) * LINE;
        }

        /** Where a column lies in a staged row. */
        int position(int column) {
            return column % stride * Math.ceilDiv(columns, stride) + column / stride;
        }

        /** Where the taps of a pixel lie from its corner of the staged window, an element being {@code step} floats. */
        void tapOffsets(Taps taps, int step, int[] offsets) {
            int minY = taps.minY();
            int minX = taps.minX();
            for (int t = 0; t < taps.count(); t++) {
                offsets[t] = ((taps.y()[t] - minY) * pitch() + position(taps.x()[t] - minX)) * step;
            }
        }

        /** Where the terms (channel, tap) of a sum lie, channel after channel staged. */
        void termOffsets(Taps taps, int channels, int[] offsets) {
            tapOffsets(taps, 1, offsets);
            for (int p = taps.count(); p < channels * taps.count(); p++) {
                offsets[p] = offsets[p - taps.count()] + plane();
            }
        }

        /**
         * Where the pixels of a box have their corner in staged windows.
         *
         * @param sampleSize floats from a sample to the next
         * @param rowSize floats from the corner of a row of pixels to that of the next
         * @param step floats from a pixel's corner to its neighbour's
         */
        static void pixelOffsets(PixelBlocks.Box box, int sampleSize, int rowSize, int step, int[] offsets) {
            int q = 0;
            for (int sample = 0; sample < box.samples(); sample++) {
                for (int row = 0; row < box.rows(); row++) {
                    int at = sample * sampleSize + row * rowSize;
                    for (int column = 0; column < box.columns(); column++) {
                        offsets[q++] = at + column * step;
                    }
                }
            }
        }

        /** The same piece with its columns in order. */
        Window inOrder() {
            return new Window(y, x, rows, columns, 1);
        }
    }

    /** Copies [samples, count, rows, pitch] to {@code dst}: the window of some channels, zeros outside; channels are
     * {@link Window#plane} apart. */
    void stage(int sample, int samples, int channel, int count, Window window, float[] dst) {
        for (int s = 0; s < samples; s++) {
            for (int c = 0; c < count; c++) {
                int plane = (sample + s) * channels + channel + c;
                stagePlane(plane, window, dst, (s * count + c) * window.plane());
            }
        }
    }

    /**
     * Copies [⌈count / nr⌉, samples, rows, pitch, nr] to {@code dst}: the window with nr channels side by side, zeros
     * outside.
     *
     * @param window with its columns in order
     */
    void stageChannelsLast(PixelBlocks.Box box, int channel, int count, Window window, float[] dst) {
        int left = Math.clamp(-window.x, 0, window.columns);
        int right = Math.clamp(width - window.x, left, window.columns);
        int top = Math.clamp(-window.y, 0, window.rows);
        int bottom = Math.clamp(height - window.y, top, window.rows);
        if (right - left < window.columns || bottom - top < window.rows) {
            Arrays.fill(dst, 0, Blocks.roundUp(count, NR) * box.samples() * window.size(), 0);
        }
        for (int c = 0; c < count; c += NR) {
            for (int sample = 0; sample < box.samples(); sample++) {
                int plane = (box.sample() + sample) * channels + channel + c;
                for (int r = top; r < bottom; r++) {
                    long from = offset + ((long) plane * height + window.y + r) * width + window.x + left;
                    int row = ((c / NR * box.samples() + sample) * window.rows + r) * window.pitch();
                    stageLanes(from, plane, Math.min(NR, count - c), window, left, right, dst, row * NR);
                }
            }
        }
    }

    private void stageLanes(long from, int plane, int lanes, Window window, int left, int right, float[] dst, int at) {
        long size = (long) height * width;
        KERNEL.transpose(memory, from * 4, size * 4, lanes, right - left, dst, at + left * NR, NR);
        if (scaled) {
            KERNEL.multiply(dst, at + left * NR, (right - left) * NR, KERNEL.factors(scales, plane, lanes, NR));
        }
    }

    private void stagePlane(int plane, Window window, float[] dst, int at) {
        int left = Math.clamp(-window.x, 0, window.columns);
        int right = Math.clamp(width - window.x, left, window.columns);
        int top = Math.clamp(-window.y, 0, window.rows);
        int bottom = Math.clamp(height - window.y, top, window.rows);
        if (right - left < window.columns || bottom - top < window.rows) {
            Arrays.fill(dst, at, at + window.size(), 0);
        }
        long from = offset + ((long) plane * height + window.y + top) * width + window.x + left;
        if (window.stride == 1 && right - left == width && window.columns == width) {
            KERNEL.scaledCopy(memory, from * 4, scales[plane], dst, at + top * width, (bottom - top) * width);
            return;
        }
        for (int r = top; r < bottom; r++) {
            int row = at + r * window.pitch();
            if (window.stride == 1) {
                KERNEL.scaledCopy(memory, from * 4, scales[plane], dst, row + left, right - left);
            } else if (window.stride == 2) {
                KERNEL.scaledSplit(memory, from * 4, scales[plane], dst, row + window.position(left),
                        row + window.position(left + 1), right - left);
            } else {
                stageStrided(from, scales[plane], window, left, right, dst, row);
            }
            from += width;
        }
    }

    private void stageStrided(long from, float scale, Window window, int left, int right, float[] dst, int row) {
        for (int first = left; first < Math.min(left + window.stride, right); first++) {
            int at = row + window.position(first);
            for (int x = first; x < right; x += window.stride) {
                dst[at++] = memory.getAtIndex(JAVA_FLOAT, from + x - left) * scale;
            }
        }
    }
}
