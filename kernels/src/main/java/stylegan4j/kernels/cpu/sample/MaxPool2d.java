package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Simd;
import stylegan4j.kernels.cpu.Threads;

/**
 * Largest value in each window, and where it was. A NaN is larger than anything, as in PyTorch. With vectors, windows
 * that lie inside the row are made at every column, whatever the stride, and the needed ones picked.
 */
public final class MaxPool2d {
    /** Output elements of one task. */
    private static final int TASK = 1 << 14;

    private final NdArray x;
    private final NdArray y;
    private final NdArray indices;
    private final MemorySegment from;
    private final ConvGeometry geometry;
    private final int kernelY;
    private final int kernelX;
    /** Outputs whose windows lie inside the row, and are made by vectors; none without vectors. */
    private final int firstInside;
    private final int endInside;

    /** x [N, C, H, W] of any strides → dense y and indices. */
    public static void run(Threads threads, NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y,
                           NdArray indices) {
        run(Simd.enabled(), threads, x, geometry, kernelY, kernelX, y, indices);
    }

    static void run(boolean vectors, Threads threads, NdArray x, ConvGeometry geometry, int kernelY, int kernelX,
                    NdArray y, NdArray indices) {
        if (y.numel() == 0) {
            return;
        }
        MaxPool2d op = new MaxPool2d(vectors, x, geometry, kernelY, kernelX, y, indices);
        int rows = y.size(0) * y.size(1) * y.size(2);
        int block = Math.max(1, TASK / y.size(3));
        threads.run(Math.ceilDiv(rows, block), task -> {
            int end = Math.min(rows, (task + 1) * block);
            for (int row = task * block; row < end; row++) {
                op.row(row);
            }
        });
    }

    private MaxPool2d(boolean vectors, NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y,
                      NdArray indices) {
        this.x = x;
        this.y = y;
        this.indices = indices;
        this.from = CpuBuffer.segmentOf(x);
        this.geometry = geometry;
        this.kernelY = kernelY;
        this.kernelX = kernelX;
        firstInside = Math.min(y.size(3), Math.ceilDiv(geometry.padX(), geometry.strideX()));
        endInside = vectors && x.strides()[3] == 1 ? endInside() : firstInside;
    }

    private int endInside() {
        int span = geometry.dilationX() * (kernelX - 1) + 1;
        int end = Math.floorDiv(x.size(3) - span + geometry.padX(), geometry.strideX()) + 1;
        int windows = (end - 1 - firstInside) * geometry.strideX() + 1;
        return windows < VectorWindows.LANES ? firstInside : end;
    }

    /** One row of outputs, counted through all planes. */
    private void row(int row) {
        int plane = row / y.size(2);
        long at = x.offset() + plane / x.size(1) * x.strides()[0] + plane % x.size(1) * x.strides()[1];
        int top = row % y.size(2) * geometry.strideY() - geometry.padY();
        int dilation = geometry.dilationY();
        int first = top + skipped(top, dilation);
        int end = Math.min(x.size(2), top + dilation * (kernelY - 1) + 1);
        long to = (long) row * y.size(3);
        if (firstInside < endInside) {
            inside(at, first, end, to);
        }
        for (int o = 0; o < firstInside; o++) {
            output(at, first, end, o, to + o);
        }
        for (int o = endInside; o < y.size(3); o++) {
            output(at, first, end, o, to + o);
        }
    }

    private void inside(long at, int firstY, int endY, long to) {
        int width = x.size(3);
        int stride = geometry.strideX();
        int left = firstInside * stride - geometry.padX();
        int windows = (endInside - 1 - firstInside) * stride + 1;
        float[] values = Scratch.array(windows);
        int[] places = Scratch.integers(windows);
        VectorWindows.maxima(from, at, x.strides()[2], width, firstY, endY, geometry.dilationY(), left, kernelX,
                geometry.dilationX(), windows, values, places);
        for (int o = firstInside; o < endInside; o++) {
            store(to + o, values[(o - firstInside) * stride], places[(o - firstInside) * stride]);
        }
    }

    private void output(long at, int firstY, int endY, int o, long to) {
        int width = x.size(3);
        int left = o * geometry.strideX() - geometry.padX();
        int dilation = geometry.dilationX();
        int firstX = left + skipped(left, dilation);
        int endX = Math.min(width, left + dilation * (kernelX - 1) + 1);
        float best = Float.NEGATIVE_INFINITY;
        int place = firstY * width + firstX;
        for (int i = firstY; i < endY; i += geometry.dilationY()) {
            for (int j = firstX; j < endX; j += dilation) {
                float v = from.getAtIndex(JAVA_FLOAT, at + i * x.strides()[2] + j * x.strides()[3]);
                if (v > best || v != v) {
                    best = v;
                    place = i * width + j;
                }
            }
        }
        store(to, best, place);
    }

    private void store(long to, float value, int place) {
        CpuBuffer.segmentOf(y).setAtIndex(JAVA_FLOAT, y.offset() + to, value);
        CpuBuffer.segmentOf(indices).setAtIndex(JAVA_INT, indices.offset() + to, place);
    }

    /** How far the first tap inside lies behind a window's start. */
    private static int skipped(int start, int dilation) {
        return start >= 0 ? 0 : Math.ceilDiv(-start, dilation) * dilation;
    }
}
