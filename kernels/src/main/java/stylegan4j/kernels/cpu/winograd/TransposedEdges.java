package stylegan4j.kernels.cpu.winograd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;
import stylegan4j.kernels.cpu.gemm.PanelKernel;

/**
 * The last row and column of a transposed 3×3 convolution by stride 2, [N, C, H, W] → [N, O, 2H + 1, 2W + 1], which
 * tiles with an even number of outputs leave over. They depend on the last row and column of x alone.
 */
public final class TransposedEdges {
    /** The entries of the kernel that reach them: the last column, from the top, then the rest of the last row. */
    static final int[] TAPS = {2, 5, 8, 6, 7};
    private static final int TOP = 0;
    private static final int MIDDLE = 1;
    private static final int CORNER = 2;
    private static final int LEFT = 3;
    private static final int CENTRE = 4;

    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final PanelKernel TILES = PanelKernel.BEST;
    private static final int MR = TILES.mr();
    private static final int NR = GEMM.nr();

    private static final HeapArray PIXELS = new HeapArray();
    private static final HeapArray PRODUCTS = new HeapArray();

    private final WinogradWeights weights;
    private final NdArray x;
    private final float[] inputScales;
    private final float[] outputScales;
    private final NdArray y;
    private final MemorySegment in;
    private final MemorySegment out;

    /**
     * An edge of x and the one of y that it gives, of all samples one after the other.
     *
     * @param n pixels of a sample
     * @param from the first, counted in a plane of x
     * @param step from one pixel to the next
     * @param taps matrices of the edge's first, last and middle tap
     * @param to the first pixel in a plane of y
     * @param pitch from one pixel to the next there
     * @param evens how many even positions to store
     * @param at where the panels of B of its pixels, times their scales, start
     */
    private record Edge(int n, int from, int step, int[] taps, int to, int pitch, int evens, int at) {
    }

    private TransposedEdges(WinogradWeights weights, NdArray x, NdArray inputScales, NdArray outputScales,
                            NdArray y) {
        this.weights = weights;
        this.x = x;
        this.inputScales = Scales.read(inputScales, x.size(0) * x.size(1));
        this.outputScales = Scales.read(outputScales, y.size(0) * y.size(1));
        this.y = y;
        this.in = CpuBuffer.segmentOf(x);
        this.out = CpuBuffer.segmentOf(y);
    }

    /** @param inputScales, outputScales factors of x's and y's channels, or null */
    public static void run(Threads threads, WinogradWeights weights, NdArray x, NdArray inputScales,
                           NdArray outputScales, NdArray y) {
        var op = new TransposedEdges(weights, x, inputScales, outputScales, y);
        int height = x.size(2);
        int width = x.size(3);
        float[] pixels = PIXELS.ofSize((op.lanes(height) + op.lanes(width)) * x.size(1));
        var row = new Edge(width, (height - 1) * width, 1, new int[] {LEFT, CORNER, CENTRE},
                2 * height * (2 * width + 1), 1, width + 1, 0);
        var column = new Edge(height, width - 1, width, new int[] {TOP, CORNER, MIDDLE}, 2 * width, 2 * width + 1,
                height, op.lanes(width) * x.size(1));
        threads.run(2 * x.size(1), task -> op.pack(task % 2 == 0 ? row : column, task / 2, pixels));
        int panels = Math.ceilDiv(weights.outputs(), MR);
        threads.run(2 * panels, task -> op.edge(task % 2 == 0 ? row : column, task / 2, pixels));
    }

    private int lanes(int n) {
        return Blocks.roundUp(x.size(0) * n, NR);
    }

    /** One channel's lanes of the edge's panels; lanes beyond the last pixel hold what nobody reads. */
    private void pack(Edge edge, int channel, float[] pixels) {
        int channels = x.size(1);
        for (int sample = 0; sample < x.size(0); sample++) {
            int plane = sample * channels + channel;
            float scale = inputScales[plane];
            long from = x.offset() + (long) plane * x.size(2) * x.size(3) + edge.from;
            for (int i = 0; i < edge.n; i++) {
                int lane = sample * edge.n + i;
                pixels[edge.at + (lane / NR * channels + channel) * NR + lane % NR] =
                        in.getAtIndex(JAVA_FLOAT, from + (long) i * edge.step) * scale;
            }
        }
    }

    /** MR planes of every sample: {@code y[2i] = first·x[i] + last·x[i−1]}, {@code y[2i+1] = middle·x[i]}. */
    private void edge(Edge edge, int panel, float[] pixels) {
        int lanes = lanes(edge.n);
        float[] products = PRODUCTS.ofSize(edge.taps.length * MR * lanes);
        for (int t = 0; t < edge.taps.length; t++) {
            for (int l = 0; l < lanes; l += NR) {
                TILES.tile(x.size(1), weights.taps(), weights.tap(edge.taps[t], panel, 0), pixels,
                        edge.at + l * x.size(1), products, t * MR * lanes + l, lanes, false);
            }
        }
        for (int i = 0; i < Math.min(MR, weights.outputs() - panel * MR); i++) {
            for (int sample = 0; sample < x.size(0); sample++) {
                store(edge, sample * y.size(1) + panel * MR + i, products, i * lanes + sample * edge.n, MR * lanes);
            }
        }
    }

    /** @param at the first tap's products of the sample, the other taps' follow {@code step} floats apart */
    private void store(Edge edge, int plane, float[] products, int at, int step) {
        float scale = outputScales[plane];
        long to = y.offset() + (long) plane * y.size(2) * y.size(3) + edge.to;
        for (int j = 0; j < edge.evens; j++) {
            float v = (j < edge.n ? products[at + j] : 0) + (j > 0 ? products[at + step + j - 1] : 0);
            out.setAtIndex(JAVA_FLOAT, to + 2L * j * edge.pitch, v * scale);
        }
        for (int j = 0; j < edge.n; j++) {
            out.setAtIndex(JAVA_FLOAT, to + (2L * j + 1) * edge.pitch, products[at + 2 * step + j] * scale);
        }
    }
}
