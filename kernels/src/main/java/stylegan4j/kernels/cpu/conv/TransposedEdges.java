package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * The last row and column of a transposed 3×3 convolution by stride 2, [N, C, H, W] → [N, O, 2H + 1, 2W + 1], which
 * tiles with an even number of outputs leave over. They depend on the last row and column of x alone.
 */
final class TransposedEdges {
    /** The entries of the kernel that reach them: the last column, from the top, then the rest of the last row. */
    static final int[] TAPS = {2, 5, 8, 6, 7};
    private static final int TOP = WinogradWeights.POINTS;
    private static final int MIDDLE = TOP + 1;
    private static final int CORNER = TOP + 2;
    private static final int LEFT = TOP + 3;
    private static final int CENTRE = TOP + 4;

    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final int MR = GEMM.mr();
    private static final int NR = GEMM.nr();

    private static final ThreadLocal<float[]> PRODUCTS = ThreadLocal.withInitial(() -> new float[0]);

    private final WinogradWeights weights;
    private final NdArray x;
    private final float[] styles;
    private final NdArray y;
    private final MemorySegment out;
    private final int[] offsets;

    private TransposedEdges(WinogradWeights weights, NdArray x, NdArray styles, NdArray y) {
        this.weights = weights;
        this.x = x;
        this.styles = Scales.read(styles, x.size(0) * x.size(1));
        this.y = y;
        this.out = CpuBuffer.segmentOf(y);
        this.offsets = PackedOffsets.of(x.size(1));
    }

    static void run(Threads threads, WinogradWeights weights, NdArray x, NdArray styles, NdArray y) {
        var op = new TransposedEdges(weights, x, styles, y);
        int height = x.size(2);
        int width = x.size(3);
        int panels = Math.ceilDiv(weights.outputs(), MR);
        for (int n = 0; n < x.size(0); n++) {
            int sample = n;
            float[] row = op.packed(n, (long) (height - 1) * width, 1, width);
            float[] column = op.packed(n, width - 1, width, height);
            threads.run(panels, panel -> {
                long end = 2L * height * (2 * width + 1);
                op.edge(sample, panel, row, width, new int[] {LEFT, CORNER, CENTRE}, end, 1, width + 1);
                op.edge(sample, panel, column, height, new int[] {TOP, CORNER, MIDDLE}, 2L * width, 2 * width + 1,
                        height);
            });
        }
    }

    /** Panels of B of n pixels of every channel, times the styles. */
    private float[] packed(int sample, long from, int step, int n) {
        int channels = x.size(1);
        float[] panels = new float[Blocks.roundUp(n, NR) * channels];
        MemorySegment memory = CpuBuffer.segmentOf(x);
        for (int c = 0; c < channels; c++) {
            int plane = sample * channels + c;
            long at = x.offset() + (long) plane * x.size(2) * x.size(3) + from;
            for (int i = 0; i < n; i++) {
                panels[(i / NR * channels + c) * NR + i % NR] =
                        memory.getAtIndex(JAVA_FLOAT, at + (long) i * step) * styles[plane];
            }
        }
        return panels;
    }

    /**
     * One edge of MR planes: {@code y[2i] = first·x[i] + last·x[i−1]}, {@code y[2i+1] = middle·x[i]}.
     *
     * @param taps matrices of the edge's first, last and middle tap
     * @param evens how many even positions to store
     */
    private void edge(int sample, int panel, float[] pixels, int n, int[] taps, long from, int step, int evens) {
        int lanes = Blocks.roundUp(n, NR);
        float[] products = products(taps.length * MR * lanes);
        for (int t = 0; t < taps.length; t++) {
            for (int l = 0; l < lanes; l += NR) {
                GEMM.tile(x.size(1), weights.values(), weights.at(taps[t], panel, 0), pixels, l * x.size(1), offsets,
                        products, t * MR * lanes + l, lanes, false);
            }
        }
        for (int i = 0; i < Math.min(MR, weights.outputs() - panel * MR); i++) {
            long plane = (long) sample * y.size(1) + panel * MR + i;
            long to = y.offset() + plane * y.size(2) * y.size(3) + from;
            int first = i * lanes;
            int last = (MR + i) * lanes;
            int middle = (2 * MR + i) * lanes;
            for (int j = 0; j < evens; j++) {
                float v = (j < n ? products[first + j] : 0) + (j > 0 ? products[last + j - 1] : 0);
                out.setAtIndex(JAVA_FLOAT, to + 2L * j * step, v);
            }
            for (int j = 0; j < n; j++) {
                out.setAtIndex(JAVA_FLOAT, to + (2L * j + 1) * step, products[middle + j]);
            }
        }
    }

    private static float[] products(int size) {
        if (PRODUCTS.get().length < size) {
            PRODUCTS.set(new float[size]);
        }
        return PRODUCTS.get();
    }
}
