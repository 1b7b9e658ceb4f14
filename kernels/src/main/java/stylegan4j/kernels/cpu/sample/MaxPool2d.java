package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/** Largest value in each window, and where it was. A NaN is larger than anything, as in PyTorch. */
public final class MaxPool2d {
    /** Output elements of one task. */
    private static final int TASK = 1 << 14;

    private MaxPool2d() {
    }

    /** x [N, C, H, W] of any strides → dense y and indices. */
    public static void run(Threads threads, NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y,
                           NdArray indices) {
        if (y.numel() == 0) {
            return;
        }
        int height = y.size(2);
        int rows = y.size(0) * y.size(1) * height;
        int block = Math.max(1, TASK / y.size(3));
        threads.run(Math.ceilDiv(rows, block), task -> {
            int end = Math.min(rows, (task + 1) * block);
            for (int row = task * block; row < end; row++) {
                row(x, geometry, kernelY, kernelX, row, y, indices);
            }
        });
    }

    /** One row of outputs, counted through all planes. */
    private static void row(NdArray x, ConvGeometry g, int kernelY, int kernelX, int row, NdArray y,
                            NdArray indices) {
        MemorySegment from = CpuBuffer.segmentOf(x);
        MemorySegment values = CpuBuffer.segmentOf(y);
        MemorySegment places = CpuBuffer.segmentOf(indices);
        int width = x.size(3);
        int plane = row / y.size(2);
        long at = x.offset() + plane / x.size(1) * x.strides()[0] + plane % x.size(1) * x.strides()[1];
        long rowStride = x.strides()[2];
        long step = x.strides()[3];
        int top = row % y.size(2) * g.strideY() - g.padY();
        int dilationY = g.dilationY();
        int dilationX = g.dilationX();
        int firstY = top + skipped(top, dilationY);
        int endY = Math.min(x.size(2), top + dilationY * (kernelY - 1) + 1);
        long to = (long) row * y.size(3);
        for (int o = 0; o < y.size(3); o++) {
            int left = o * g.strideX() - g.padX();
            int firstX = left + skipped(left, dilationX);
            int endX = Math.min(width, left + dilationX * (kernelX - 1) + 1);
            float best = Float.NEGATIVE_INFINITY;
            int place = firstY * width + firstX;
            for (int i = firstY; i < endY; i += dilationY) {
                for (int j = firstX; j < endX; j += dilationX) {
                    float v = from.getAtIndex(JAVA_FLOAT, at + i * rowStride + j * step);
                    if (v > best || v != v) {
                        best = v;
                        place = i * width + j;
                    }
                }
            }
            values.setAtIndex(JAVA_FLOAT, y.offset() + to + o, best);
            places.setAtIndex(JAVA_INT, indices.offset() + to + o, place);
        }
    }

    /** How far the first tap inside lies behind a window's start. */
    private static int skipped(int start, int dilation) {
        return start >= 0 ? 0 : Math.ceilDiv(-start, dilation) * dilation;
    }
}
