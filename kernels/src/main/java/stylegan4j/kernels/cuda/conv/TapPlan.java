package stylegan4j.kernels.cuda.conv;

import java.util.Arrays;
import stylegan4j.kernels.ConvGeometry;

/**
 * The kernel elements of a convolution and where each reads: position (qy, qx) of phase f takes its input at
 * {@code (qy·stride + y[t], qx·stride + x[t])} times element {@code element[t]}, for the taps
 * {@code first[f] ≤ t < first[f + 1]}, and is pixel {@code (qy·yStride + f / yStride, qx·yStride + f % yStride)} of
 * the result.
 *
 * @param element row-major position in the kernel
 */
record TapPlan(int stride, int yStride, int[] first, int[] y, int[] x, int[] element) {
    /** The convolution itself; strides are equal. */
    static TapPlan forward(ConvGeometry g, int kh, int kw) {
        int taps = kh * kw;
        var plan = new TapPlan(g.strideY(), 1, new int[] {0, taps}, new int[taps], new int[taps], new int[taps]);
        for (int t = 0; t < taps; t++) {
            plan.y[t] = t / kw * g.dilationY() - g.padY();
            plan.x[t] = t % kw * g.dilationX() - g.padX();
            plan.element[t] = t;
        }
        return plan;
    }

    /** The adjoint, which reads the convolution's result and makes its input's pixels, by phases; strides are equal. */
    static TapPlan adjoint(ConvGeometry g, int kh, int kw) {
        int taps = kh * kw;
        int stride = g.strideY();
        var plan = new TapPlan(1, stride, new int[stride * stride + 1], new int[taps], new int[taps], new int[taps]);
        int n = 0;
        for (int phase = 0; phase < stride * stride; phase++) {
            for (int t = 0; t < taps; t++) {
                int y = phase / stride + g.padY() - t / kw * g.dilationY();
                int x = phase % stride + g.padX() - t % kw * g.dilationX();
                if (Math.floorMod(y, stride) == 0 && Math.floorMod(x, stride) == 0) {
                    plan.y[n] = Math.floorDiv(y, stride);
                    plan.x[n] = Math.floorDiv(x, stride);
                    plan.element[n++] = t;
                }
            }
            plan.first[phase + 1] = n;
        }
        return plan;
    }

    int taps() {
        return element.length;
    }

    int phases() {
        return first.length - 1;
    }

    /** Taps of the phase that has fewest, at least one. */
    int fewestTaps() {
        int fewest = taps();
        for (int phase = 0; phase < phases(); phase++) {
            fewest = Math.min(fewest, first[phase + 1] - first[phase]);
        }
        return Math.max(fewest, 1);
    }

    int minY() {
        return Arrays.stream(y).min().orElseThrow();
    }

    int minX() {
        return Arrays.stream(x).min().orElseThrow();
    }

    /** Rows of a patch that serves {@code positions} rows. */
    int patchHeight(int positions) {
        return (positions - 1) * stride + Arrays.stream(y).max().orElseThrow() - minY() + 1;
    }

    /** Columns of a patch that serves {@code positions} columns. */
    int patchWidth(int positions) {
        return (positions - 1) * stride + Arrays.stream(x).max().orElseThrow() - minX() + 1;
    }
}
