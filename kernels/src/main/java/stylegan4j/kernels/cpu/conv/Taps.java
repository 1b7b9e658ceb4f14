package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;
import stylegan4j.kernels.ConvGeometry;

/**
 * The kernel elements that take part in a convolution, and where each reads: output pixel (qy, qx) takes the input at
 * {@code (qy·stride + y[t], qx·stride + x[t])} times the kernel element {@code index[t]}.
 *
 * @param index row-major position in the kh·kw kernel
 */
record Taps(int[] y, int[] x, int[] index) {
    /** Every element of the kernel, for the convolution itself. */
    static Taps all(ConvGeometry g, int kh, int kw) {
        Taps taps = empty(kh * kw);
        for (int t = 0; t < kh * kw; t++) {
            taps.y[t] = t / kw * g.dilationY() - g.padY();
            taps.x[t] = t % kw * g.dilationX() - g.padX();
            taps.index[t] = t;
        }
        return taps;
    }

    /**
     * The elements that reach the input pixels {@code (phaseY + strideY·qy, phaseX + strideX·qx)} of a convolution,
     * reading its output with stride 1: the convolution's adjoint, pixel class by pixel class, without a
     * multiplication by zero.
     */
    static Taps phase(ConvGeometry g, int kh, int kw, int phaseY, int phaseX) {
        Taps taps = empty(kh * kw);
        int n = 0;
        for (int t = 0; t < kh * kw; t++) {
            int y = phaseY + g.padY() - t / kw * g.dilationY();
            int x = phaseX + g.padX() - t % kw * g.dilationX();
            if (Math.floorMod(y, g.strideY()) == 0 && Math.floorMod(x, g.strideX()) == 0) {
                taps.y[n] = Math.floorDiv(y, g.strideY());
                taps.x[n] = Math.floorDiv(x, g.strideX());
                taps.index[n++] = t;
            }
        }
        return new Taps(Arrays.copyOf(taps.y, n), Arrays.copyOf(taps.x, n), Arrays.copyOf(taps.index, n));
    }

    private static Taps empty(int n) {
        return new Taps(new int[n], new int[n], new int[n]);
    }

    int count() {
        return index.length;
    }

    int minY() {
        return least(y);
    }

    int minX() {
        return least(x);
    }

    int spanY() {
        return span(y);
    }

    int spanX() {
        return span(x);
    }

    private static int least(int[] values) {
        int least = values.length == 0 ? 0 : values[0];
        for (int v : values) {
            least = Math.min(least, v);
        }
        return least;
    }

    private static int span(int[] values) {
        int least = least(values);
        int span = 0;
        for (int v : values) {
            span = Math.max(span, v - least);
        }
        return span;
    }
}
