package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * Moves elements of two or four bytes between strides, bit by bit. Positions count bytes, strides elements; a
 * rectangle has {@code rows} runs of {@code n} elements.
 */
final class Packing {
    /** Below this many bytes a loop beats the call of a block copy. */
    private static final int SHORT_RUN = 64;
    /** Rows transposed at a time: a cache line of floats. */
    static final int LINE = 16;

    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    private Packing() {
    }

    /** Moves a run. */
    static void move(MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int n,
                     int bytes) {
        if (xStride == 1 && yStride == 1 && n * bytes >= SHORT_RUN) {
            MemorySegment.copy(x, xAt, y, yAt, (long) n * bytes);
        } else if (bytes == 2) {
            moveShorts(x, xAt, xStride * 2, y, yAt, yStride * 2, n);
        } else if (xStride == 0 && yStride == 1) {
            repeat(x.get(JAVA_INT, xAt), y, yAt, n);
        } else if (xStride == 1 && yStride == 1) {
            moveDense(x, xAt, y, yAt, n);
        } else {
            moveInts(x, xAt, xStride * 4, y, yAt, yStride * 4, n);
        }
    }

    /** Moves a rectangle, along the rows or across them, as memory prefers. */
    static void move(MemorySegment x, long xAt, long xRow, long xStride, MemorySegment y, long yAt, long yRow,
                     long yStride, int rows, int n, int bytes) {
        if (xRow == 0 && xStride == 1 && yStride == 1 && yRow == n) {
            repeatRow(x, xAt, y, yAt, rows, n * bytes);
        } else if (isCrosswise(xRow, xStride, yRow, yStride, rows)) {
            for (int first = 0; first < rows; first += LINE) {
                int count = Math.min(LINE, rows - first);
                for (int i = 0; i < n; i++) {
                    move(x, xAt + (first * xRow + i * xStride) * bytes, xRow,
                            y, yAt + (first * yRow + i * yStride) * bytes, yRow, count, bytes);
                }
            }
        } else if (bytes == 4 && yStride == 1 && xStride == 0) {
            KERNEL.repeatEach(x, xAt, xRow * 4, y, yAt, yRow * 4, rows, n);
        } else if (bytes == 4 && yStride == 1 && xStride == 1 && n * bytes < SHORT_RUN) {
            moveShortRuns(x, xAt, xRow * 4, y, yAt, yRow * 4, rows, n);
        } else {
            for (int row = 0; row < rows; row++) {
                move(x, xAt + row * xRow * bytes, xStride, y, yAt + row * yRow * bytes, yStride, n, bytes);
            }
        }
    }

    /** Whether neighbours lie in different rows on either side, and there are rows enough to gain from it. */
    static boolean isCrosswise(long xRow, long xStride, long yRow, long yStride, long rows) {
        return rows >= LINE / 2 && (xRow == 1 && xStride > 1 || yRow == 1 && yStride > 1);
    }

    /** One row again and again: what is written doubles with each step. */
    private static void repeatRow(MemorySegment x, long xAt, MemorySegment y, long yAt, int rows, long length) {
        MemorySegment.copy(x, xAt, y, yAt, length);
        long total = length * rows;
        for (long done = length; done < total; done *= 2) {
            MemorySegment.copy(y, yAt, y, yAt + done, Math.min(done, total - done));
        }
    }

    /** Runs too short for a loop of their own: two elements at a time. */
    private static void moveShortRuns(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep,
                                      int rows, int n) {
        for (int row = 0; row < rows; row++) {
            long from = xAt + row * xStep;
            long to = yAt + row * yStep;
            int i = 0;
            for (; i < n - 1; i += 2) {
                y.set(JAVA_LONG_UNALIGNED, to + 4L * i, x.get(JAVA_LONG_UNALIGNED, from + 4L * i));
            }
            if (i < n) {
                y.set(JAVA_INT, to + 4L * i, x.get(JAVA_INT, from + 4L * i));
            }
        }
    }

    private static void repeat(int value, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_INT, yAt + 4L * i, value);
        }
    }

    private static void moveDense(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_INT, yAt + 4L * i, x.get(JAVA_INT, xAt + 4L * i));
        }
    }

    private static void moveInts(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_INT, yAt + i * yStep, x.get(JAVA_INT, xAt + i * xStep));
        }
    }

    private static void moveShorts(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep,
                                   int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_SHORT, yAt + i * yStep, x.get(JAVA_SHORT, xAt + i * xStep));
        }
    }
}
