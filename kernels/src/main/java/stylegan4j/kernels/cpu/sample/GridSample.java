package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Bilinear sampling at the points of a grid, zeros outside, and its adjoint. Points are −1…1 across the picture: from
 * the centres of the outermost pixels when corners are aligned, from their outer edges otherwise.
 */
public final class GridSample {
    /** Planes that one task adds to: they share the work of finding pixels and weights. */
    private static final int GROUP = 2;

    private GridSample() {
    }

    /** x [N, C, H, W] and grid [N, h, w, 2] of any strides → dense y [N, C, h, w]. */
    public static void run(Threads threads, NdArray x, NdArray grid, boolean alignCorners, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        MemorySegment from = CpuBuffer.segmentOf(x);
        MemorySegment to = CpuBuffer.segmentOf(y);
        int channels = y.size(1);
        int height = y.size(2);
        int width = y.size(3);
        threads.run(y.size(0) * height, task -> {
            int n = task / height;
            int row = task % height;
            Corners corners = new Corners(grid, n, row, x, alignCorners);
            for (int c = 0; c < channels; c++) {
                long at = x.offset() + n * x.strides()[0] + c * x.strides()[1];
                long target = y.offset() + (((long) n * channels + c) * height + row) * width;
                corners.sample(from, at, to, target);
            }
        });
    }

    /** The adjoint in x: dy [N, C, h, w] of any strides → dense dx [N, C, H, W]. Each plane is one thread's. */
    public static void inputGradient(Threads threads, NdArray dy, NdArray grid, boolean alignCorners, NdArray dx) {
        int channels = dx.size(1);
        int groups = Math.ceilDiv(channels, GROUP);
        threads.run(dx.size(0) * groups, task -> {
            int first = task % groups * GROUP;
            scatter(dy, task / groups, first, Math.min(first + GROUP, channels), grid, alignCorners, dx);
        });
    }

    private static void scatter(NdArray dy, int n, int first, int end, NdArray grid, boolean alignCorners,
                                NdArray dx) {
        MemorySegment from = CpuBuffer.segmentOf(dy);
        MemorySegment to = CpuBuffer.segmentOf(dx);
        long plane = (long) dx.size(2) * dx.size(3);
        long base = dx.offset() + (long) n * dx.size(1) * plane;
        to.asSlice(4 * (base + first * plane), 4 * (end - first) * plane).fill((byte) 0);
        for (int row = 0; row < dy.size(2); row++) {
            Corners corners = new Corners(grid, n, row, dx, alignCorners);
            for (int c = first; c < end; c++) {
                long at = dy.offset() + n * dy.strides()[0] + c * dy.strides()[1] + row * dy.strides()[2];
                corners.scatter(from, at, dy.strides()[3], to, base + c * plane);
            }
        }
    }

    /** For each point of one grid row, the four pixels around it: distance from the plane's start, and weight. */
    private static final class Corners {
        private static final int OUTSIDE = -1;

        private final int points;
        private final long[] places;
        private final float[] weights;

        Corners(NdArray grid, int n, int row, NdArray picture, boolean alignCorners) {
            MemorySegment coordinates = CpuBuffer.segmentOf(grid);
            points = grid.size(2);
            places = new long[4 * points];
            weights = new float[4 * points];
            long[] steps = grid.strides();
            int height = picture.size(2);
            int width = picture.size(3);
            long at = grid.offset() + n * steps[0] + row * steps[1];
            for (int i = 0; i < points; i++, at += steps[2]) {
                float px = pixel(coordinates.getAtIndex(JAVA_FLOAT, at), width, alignCorners);
                float py = pixel(coordinates.getAtIndex(JAVA_FLOAT, at + steps[3]), height, alignCorners);
                float left = (float) Math.floor(px);
                float top = (float) Math.floor(py);
                float right = px - left;
                float bottom = py - top;
                for (int corner = 0; corner < 4; corner++) {
                    float cx = left + (corner & 1);
                    float cy = top + (corner >> 1);
                    boolean inside = cx >= 0 && cx < width && cy >= 0 && cy < height;
                    places[4 * i + corner] = inside
                            ? (long) cy * picture.strides()[2] + (long) cx * picture.strides()[3] : OUTSIDE;
                    weights[4 * i + corner] = ((corner & 1) == 0 ? 1 - right : right)
                            * (corner < 2 ? 1 - bottom : bottom);
                }
            }
        }

        private static float pixel(float coordinate, int size, boolean alignCorners) {
            return alignCorners ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
        }

        void sample(MemorySegment x, long at, MemorySegment y, long to) {
            for (int i = 0; i < points; i++) {
                float sum = 0;
                for (int k = 4 * i; k < 4 * i + 4; k++) {
                    if (places[k] != OUTSIDE) {
                        sum = Math.fma(weights[k], x.getAtIndex(JAVA_FLOAT, at + places[k]), sum);
                    }
                }
                y.setAtIndex(JAVA_FLOAT, to + i, sum);
            }
        }

        void scatter(MemorySegment dy, long at, long step, MemorySegment dx, long to) {
            for (int i = 0; i < points; i++) {
                float v = dy.getAtIndex(JAVA_FLOAT, at + i * step);
                for (int k = 4 * i; k < 4 * i + 4; k++) {
                    if (places[k] != OUTSIDE) {
                        long place = to + places[k];
                        dx.setAtIndex(JAVA_FLOAT, place, Math.fma(weights[k], v, dx.getAtIndex(JAVA_FLOAT, place)));
                    }
                }
            }
        }
    }
}
