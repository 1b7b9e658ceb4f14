package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Kernels [O, C, 3, 3] evaluated at 36 points: as many matrices [O, C], as the panels of A that {@link GemmKernel}
 * reads, in the order in which {@link Winograd} reads them, so that memory is one stream: {@link #ROWS} outputs of each
 * matrix after another, {@link #DEPTH} inputs at a time. Behind them follow the algorithm's
 * {@link WinogradKernel#plainTaps}.
 *
 * @param kernel the algorithm
 * @param outputs rows of each matrix
 * @param inputs columns of each matrix
 * @param band panels of a band, the outputs that lie together
 */
record WinogradWeights(WinogradKernel kernel, int outputs, int inputs, float[] values, int band) {
    /** Outputs of a band: their products for a block of tiles are kept at a time. */
    static final int ROWS = 64;
    /** Inputs summed at a time: the panel of B stays in the first-level cache, and short sums round less. */
    static final int DEPTH = 128;

    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final int MR = GEMM.mr();
    /** Kernels transformed together: a multiple of every vector length, and few enough for the first-level cache. */
    private static final int CHUNK = 128;
    static final int POINTS = WinogradKernel.KERNEL_POINTS * WinogradKernel.KERNEL_POINTS;

    private static final ThreadLocal<float[]> VALUES = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<float[]> KERNELS = ThreadLocal.withInitial(() -> new float[9 * CHUNK]);
    private static final ThreadLocal<float[]> RUN = ThreadLocal.withInitial(() -> new float[9 * CHUNK]);
    private static final ThreadLocal<float[]> MIDDLE = ThreadLocal.withInitial(() -> new float[18 * CHUNK]);

    /** Names a transformed weight among what is kept of a buffer. */
    private record Key(WinogradKernel kernel, long offset, int outputs, int inputs, long outputStride,
                       long inputStride, boolean swapped) {
        Key(WinogradKernel kernel, NdArray weight, boolean swapped) {
            int o = swapped ? 1 : 0;
            this(kernel, weight.offset(), weight.size(o), weight.size(1 - o), weight.strides()[o],
                    weight.strides()[1 - o], swapped);
        }
    }

    /**
     * Transforms the weight, or takes what is kept of an earlier time. Unless kept, the values lie in memory of the
     * calling thread that its next call overwrites.
     *
     * @param kernel the algorithm
     * @param weight [O, C, 3, 3], dense but for the first two dimensions, which may be exchanged in memory
     * @param swapped whether inputs and outputs are exchanged; a convolution is then the adjoint, whose kernels are
     *     turned by 180° as well
     */
    static WinogradWeights of(Threads threads, WinogradKernel kernel, NdArray weight, boolean swapped) {
        var key = new Key(kernel, weight, swapped);
        return CpuBuffer.of(weight).prepared().get(key, WinogradWeights.class,
                keep -> transformed(threads, key, weight, keep));
    }

    private static WinogradWeights transformed(Threads threads, Key key, NdArray weight, boolean keep) {
        int panels = Math.ceilDiv(key.outputs, MR);
        var sizes = new WinogradWeights(key.kernel, key.outputs, key.inputs, null, Math.min(panels, ROWS / MR));
        int size = sizes.tap(key.kernel.plainTaps().length, 0, 0);
        if (!keep && VALUES.get().length < size) {
            VALUES.set(new float[size]);
        }
        float[] values = keep ? new float[size] : VALUES.get();
        var weights = new WinogradWeights(key.kernel, key.outputs, key.inputs, values, sizes.band);
        threads.run(panels, panel -> weights.panel(weight, key, panel));
        return weights;
    }

    /** Elements from a matrix to the next in a band; at a multiple of 4 KB all would compete for one cache set. */
    private int step() {
        return band * inputs * MR + 16;
    }

    /**
     * Index of the value for input {@code c} and the first output of {@code panel}, at point {@code f}; the next inputs
     * of the {@link #DEPTH} follow.
     */
    int at(int f, int panel, int c) {
        int first = c / DEPTH * DEPTH;
        int depth = Math.min(DEPTH, inputs - first);
        return (panel / band * POINTS + f) * step() + (first * band + panel % band * depth + c - first) * MR;
    }

    /** Index of a plain tap's value for input {@code c} and the first output of {@code panel}; all inputs follow. */
    int tap(int number, int panel, int c) {
        int panels = Math.ceilDiv(outputs, MR);
        return Math.ceilDiv(panels, band) * POINTS * step() + ((number * panels + panel) * inputs + c) * MR;
    }

    private void panel(NdArray weight, Key key, int panel) {
        float[] kernels = KERNELS.get();
        int chunk = CHUNK / MR;
        for (int c = 0; c < inputs; c += chunk) {
            int n = Math.min(chunk, inputs - c);
            gather(weight, key, panel * MR, c, n, kernels);
            kernel.weights(kernels, MIDDLE.get(), n * MR, values, at(0, panel, c), step());
            int[] taps = kernel.plainTaps();
            for (int i = 0; i < taps.length; i++) {
                System.arraycopy(kernels, taps[i] * n * MR, values, tap(i, panel, c), n * MR);
            }
        }
    }

    /** Entry k of the kernel from input {@code c + i} to output {@code o + l} goes to {@code dst[(k·n + i)·MR + l]}. */
    private void gather(NdArray weight, Key key, int o, int c, int n, float[] dst) {
        int live = Math.min(MR, outputs - o);
        if (live < MR) {
            Arrays.fill(dst, 0, 9 * n * MR, 0);
        }
        float[] run = RUN.get();
        int turn = key.swapped && kernel == WinogradKernel.CONVOLUTION ? 8 : 0;
        if (key.inputStride == 9) {
            for (int l = 0; l < live; l++) {
                read(weight, (o + l) * key.outputStride + c * 9L, n, run);
                scatter(run, n, turn, dst, l, n * MR, MR);
            }
        } else {
            for (int i = 0; i < n; i++) {
                read(weight, (c + i) * key.inputStride + o * 9L, live, run);
                scatter(run, live, turn, dst, i * MR, n * MR, 1);
            }
        }
    }

    /** Entry k of kernel i goes to {@code dst[at + |turn − k|·entryStep + i·step]}. */
    private static void scatter(float[] run, int n, int turn, float[] dst, int at, int entryStep, int step) {
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < 9; k++) {
                dst[at + Math.abs(turn - k) * entryStep + i * step] = run[i * 9 + k];
            }
        }
    }

    /** Copies n kernels that are neighbours in memory. */
    private static void read(NdArray weight, long from, int n, float[] dst) {
        GEMM.scaledCopy(CpuBuffer.segmentOf(weight), (weight.offset() + from) * Float.BYTES, 1, dst, 0, n * 9);
    }
}
