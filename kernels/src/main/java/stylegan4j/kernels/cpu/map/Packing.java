package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** Moves elements of two or four bytes between strides, bit by bit. */
final class Packing {
    /** Below this many bytes a loop beats the call of a block copy. */
    private static final int SHORT_RUN = 64;

    private Packing() {
    }

    /** Moves {@code n} elements; positions in bytes, strides in elements. */
    static void move(MemorySegment x, long xAt, long xStride, MemorySegment y, long yAt, long yStride, int n,
                     int bytes) {
        if (xStride == 1 && yStride == 1 && n * bytes >= SHORT_RUN) {
            MemorySegment.copy(x, xAt, y, yAt, (long) n * bytes);
        } else if (bytes == 4) {
            if (xStride == 0 && yStride == 1) {
                repeat(x.get(JAVA_INT, xAt), y, yAt, n);
            } else {
                moveInts(x, xAt, xStride * 4, y, yAt, yStride * 4, n);
            }
        } else {
            moveShorts(x, xAt, xStride * 2, y, yAt, yStride * 2, n);
        }
    }

    private static void repeat(int value, MemorySegment y, long yAt, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_INT, yAt + 4L * i, value);
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
