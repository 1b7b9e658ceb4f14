package stylegan4j.kernels.cpu.winograd;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;
import stylegan4j.kernels.cpu.gemm.PanelKernel;

/**
 * Kernels [O, C, 3, 3] evaluated at 36 points: as many matrices [O, C], as the panels of A that {@link PanelKernel}
 * reads, in the order in which {@link Winograd} reads them, so that memory is one stream: {@link #ROWS} outputs of each
 * matrix after another, {@link #DEPTH} inputs at a time. The algorithm's {@link WinogradKernel#plainTaps} lie apart.
 *
 * @param key names weight and algorithm
 * @param weight what is transformed
 * @param first the first panel of outputs that is here
 * @param band panels of a band, the outputs that lie together
 * @param values the points, or null where {@link #rows} makes them as they are wanted
 * @param taps the plain taps, of all panels
 */
public record WinogradWeights(Key key, NdArray weight, int first, int band, float[] values, float[] taps) {
    /** Outputs of a band: their products for a block of tiles are kept at a time. */
    static final int ROWS = Blocks.roundUp(64, PanelKernel.BEST.mr());
    /** Inputs summed at a time: a panel of A and one of B fit in the first-level cache. */
    static final int DEPTH = 256;

    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final int MR = PanelKernel.BEST.mr();
    /** Kernels transformed together: whole panels and vectors of any length, few enough for the first-level cache. */
    private static final int CHUNK = 128 / (16 * MR) * 16 * MR;
    static final int POINTS = WinogradKernel.KERNEL_POINTS * WinogradKernel.KERNEL_POINTS;

    private static final HeapArray VALUES = new HeapArray();
    private static final HeapArray PIECE = new HeapArray();
    private static final HeapArray TAPS = new HeapArray();
    private static final ThreadLocal<float[]> KERNELS = ThreadLocal.withInitial(() -> new float[9 * CHUNK]);
    private static final ThreadLocal<float[]> MIDDLE = ThreadLocal.withInitial(() -> new float[18 * CHUNK]);

    /** Names a transformed weight among what is kept of a buffer. */
    record Key(WinogradKernel kernel, long offset, int outputs, int inputs, long outputStride, long inputStride,
               boolean swapped) {
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
     * @param once whether a value is read about once: unless kept, it is then made where it is read, since the whole
     *     would leave the cache meanwhile
     */
    public static WinogradWeights of(Threads threads, WinogradKernel kernel, NdArray weight, boolean swapped,
                                     boolean once) {
        var key = new Key(kernel, weight, swapped);
        return CpuBuffer.of(weight).prepared().get(key, WinogradWeights.class, keep -> {
            int panels = Math.ceilDiv(key.outputs, MR);
            int band = Math.min(panels, ROWS / MR);
            int plain = kernel.plainTaps().length * panels * key.inputs * MR;
            float[] taps = keep ? new float[plain] : TAPS.ofSize(plain);
            if (once && !keep) {
                return new WinogradWeights(key, weight, 0, band, null, taps);
            }
            int size = Math.ceilDiv(panels, band) * POINTS * step(band, key.inputs);
            var all = new WinogradWeights(key, weight, 0, band, keep ? new float[size] : VALUES.ofSize(size), taps);
            threads.run(panels, all::panel);
            return all;
        });
    }

    /** Elements from a matrix to the next in a band; at a multiple of 4 KB all would compete for one cache set. */
    private static int step(int band, int inputs) {
        return band * inputs * MR + 16;
    }

    WinogradKernel kernel() {
        return key.kernel;
    }

    /** Rows of each matrix. */
    int outputs() {
        return key.outputs;
    }

    /** Columns of each matrix. */
    int inputs() {
        return key.inputs;
    }

    /**
     * Weights with the values of {@code rows} outputs from {@code o} on, a multiple of a panel: all, or those made now
     * in memory of this thread that its next call overwrites.
     */
    WinogradWeights rows(int o, int rows) {
        if (values != null) {
            return this;
        }
        int panels = Math.ceilDiv(rows, MR);
        var piece = new WinogradWeights(key, weight, o / MR, panels,
                PIECE.ofSize(POINTS * step(panels, key.inputs)), taps);
        for (int i = 0; i < panels; i++) {
            piece.panel(o / MR + i);
        }
        return piece;
    }

    /**
     * Index of the value for input {@code c} and the first output of {@code panel}, at point {@code f}; the next inputs
     * of the {@link #DEPTH} follow.
     */
    int at(int f, int panel, int c) {
        int begin = c / DEPTH * DEPTH;
        int depth = Math.min(DEPTH, key.inputs - begin);
        int row = panel - first;
        int inside = begin * band + row % band * depth + c - begin;
        return (row / band * POINTS + f) * step(band, key.inputs) + inside * MR;
    }

    /** Index of a plain tap's value for input {@code c} and the first output of {@code panel}; all inputs follow. */
    int tap(int number, int panel, int c) {
        return ((number * Math.ceilDiv(key.outputs, MR) + panel) * key.inputs + c) * MR;
    }

    private void panel(int panel) {
        WinogradKernel kernel = key.kernel;
        float[] kernels = KERNELS.get();
        int chunk = CHUNK / MR;
        for (int c = 0; c < key.inputs; c += chunk) {
            int n = Math.min(chunk, key.inputs - c);
            gather(panel * MR, c, n, kernels);
            kernel.weights(kernels, MIDDLE.get(), n * MR, values, at(0, panel, c), step(band, key.inputs));
            int[] plain = kernel.plainTaps();
            for (int i = 0; i < plain.length; i++) {
                System.arraycopy(kernels, plain[i] * n * MR, taps, tap(i, panel, c), n * MR);
            }
        }
    }

    /** Entry k of the kernel from input {@code c + i} to output {@code o + l} goes to {@code dst[(k·n + i)·MR + l]}. */
    private void gather(int o, int c, int n, float[] dst) {
        int live = Math.min(MR, key.outputs - o);
        if (live < MR) {
            Arrays.fill(dst, 0, 9 * n * MR, 0);
        }
        boolean turned = key.swapped && key.kernel == WinogradKernel.CONVOLUTION;
        int entry = turned ? -n * MR : n * MR;
        long from = weight.offset() + o * key.outputStride + c * key.inputStride;
        for (int i = 0; i < n; i++) {
            GEMM.transpose(CpuBuffer.segmentOf(weight), (from + i * key.inputStride) * Float.BYTES,
                    key.outputStride * Float.BYTES, live, 9, dst, (turned ? 8 * n + i : i) * MR, entry);
        }
    }
}
