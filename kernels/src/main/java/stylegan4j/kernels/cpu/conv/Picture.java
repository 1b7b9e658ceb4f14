package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;

/**
 * The input of a convolution: pieces of it are copied to an array ("staged") with padding and channel scales applied,
 * where tiles can read them at any offset.
 */
final class Picture {
    private static final GemmKernel KERNEL = GemmKernel.BEST;

    private final MemorySegment memory;
    private final long offset;
    private final int channels;
    private final int height;
    private final int width;
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
        this.scales = Scales.read(scales, x.size(0) * channels);
    }

    /** The piece of a picture under a box of output pixels: its corner in the input and its size. */
    record Window(int y, int x, int rows, int columns) {
        static Window under(PixelBlocks.Box box, Taps taps, int strideY, int strideX) {
            return new Window(box.y() * strideY + taps.minY(), box.x() * strideX + taps.minX(),
                    (box.rows() - 1) * strideY + 1 + taps.spanY(), (box.columns() - 1) * strideX + 1 + taps.spanX());
        }

        int size() {
            return rows * columns;
        }

        /** Where the terms (channel, tap) of a sum lie from a pixel's corner of the staged window. */
        void termOffsets(Taps taps, int channels, int[] offsets) {
            int count = taps.count();
            int minY = taps.minY();
            int minX = taps.minX();
            for (int p = 0; p < channels * count; p++) {
                int t = p % count;
                offsets[p] = p / count * size() + (taps.y()[t] - minY) * columns + taps.x()[t] - minX;
            }
        }

        /** Where the pixels of a box have their corner in the staged window. */
        void pixelOffsets(PixelBlocks.Box box, int strideY, int strideX, int channels, int[] offsets) {
            for (int q = 0; q < box.pixels(); q++) {
                int row = q / box.columns();
                offsets[q] = row / box.rows() * channels * size() + row % box.rows() * strideY * columns
                        + q % box.columns() * strideX;
            }
        }
    }

    /** Copies [samples, count, rows, columns] to {@code dst}: the window of some channels, zeros outside. */
    void stage(int sample, int samples, int channel, int count, Window window, float[] dst) {
        for (int s = 0; s < samples; s++) {
            for (int c = 0; c < count; c++) {
                int plane = (sample + s) * channels + channel + c;
                stagePlane(plane, window, dst, (s * count + c) * window.size());
            }
        }
    }

    private void stagePlane(int plane, Window window, float[] dst, int at) {
        int left = Math.clamp(-window.x, 0, window.columns);
        int right = Math.clamp(width - window.x, left, window.columns);
        for (int r = 0; r < window.rows; r++) {
            int y = window.y + r;
            int row = at + r * window.columns;
            if (y < 0 || y >= height || left == right) {
                Arrays.fill(dst, row, row + window.columns, 0);
                continue;
            }
            Arrays.fill(dst, row, row + left, 0);
            Arrays.fill(dst, row + right, row + window.columns, 0);
            long from = offset + ((long) plane * height + y) * width + window.x + left;
            KERNEL.scaledCopy(memory, from * 4, scales[plane], dst, row + left, right - left);
        }
    }
}
