package stylegan4j.kernels.cpu.conv;

import static stylegan4j.kernels.cpu.conv.WinogradKernel.POINTS;
import static stylegan4j.kernels.cpu.conv.WinogradKernel.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * 3×3 convolution with unit stride by Winograd's F(4×4, 3×3). A task takes a block of tiles through all steps, so that
 * transformed inputs and products stay in its core's cache: transform the inputs to 36 matrices [C, tiles], multiply
 * each by its matrix of weights [O, C], transform the products back to pictures.
 */
final class Winograd {
    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final WinogradKernel KERNEL = WinogradKernel.BEST;
    private static final int MR = GEMM.mr();
    private static final int NR = GEMM.nr();
    private static final int MATRICES = POINTS * POINTS;
    /** Tiles of a task: transformed weights are read once for this many. */
    private static final int BLOCK = Integer.getInteger("wino.block", 64);
    /** Output channels whose products are kept at a time. */
    private static final int ROWS = Integer.getInteger("wino.rows", 64);
    /** Input channels summed at a time: the panel of B stays in the first-level cache. */
    private static final int DEPTH = 256;
    /** Keeps matrices from competing for one set of the cache; see {@link WinogradWeights}. */
    private static final int SKEW = 16;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final NdArray x;
    private final float[] styles;
    private final int pad;
    private final WinogradWeights weights;
    private final int height;
    private final int width;
    private final PixelSink sink;
    private final TileGrid grid;
    private final int panels;

    /**
     * Convolves x with the transformed weights.
     *
     * @param x [N, C, H, W], dense
     * @param styles factors [N, C] of the inputs, or null
     * @param pad zeros around x
     * @param height rows of the output, H + 2·pad − 2
     * @param width columns of the output
     */
    static void convolve(Threads threads, NdArray x, NdArray styles, int pad, WinogradWeights weights, int height,
                         int width, PixelSink sink) {
        var op = new Winograd(x, styles, pad, weights, height, width, sink);
        threads.run(Math.ceilDiv(op.grid.panels(), op.panels), task -> op.block(task * op.panels));
    }

    private Winograd(NdArray x, NdArray styles, int pad, WinogradWeights weights, int height, int width,
                     PixelSink sink) {
        this.x = x;
        this.styles = Scales.read(styles, x.size(0) * x.size(1));
        this.pad = pad;
        this.weights = weights;
        this.height = height;
        this.width = width;
        this.sink = sink;
        this.grid = TileGrid.of(x.size(0), height, width, TILE, NR);
        this.panels = Math.max(1, BLOCK / NR);
    }

    private void block(int first) {
        int count = Math.min(panels, grid.panels() - first);
        int channels = weights.inputs();
        int step = count * channels * NR + SKEW;
        int ldc = count * NR;
        int productStep = roundUp(Math.min(ROWS, weights.outputs()), MR) * ldc + SKEW;
        Scratch scratch = SCRATCH.get();
        scratch.ensure(MATRICES * step, MATRICES * productStep, ldc);
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < count; p++) {
                transformInput(first + p, c, scratch, (p * channels + c) * NR, step);
            }
        }
        for (int o = 0; o < weights.outputs(); o += ROWS) {
            int rows = Math.min(ROWS, weights.outputs() - o);
            for (int f = 0; f < MATRICES; f++) {
                multiply(f, o, rows, count, scratch.inputs, f * step, scratch.products, f * productStep);
            }
            for (int i = 0; i < rows; i++) {
                transformOutput(first, count, o + i, scratch, i * ldc, productStep);
            }
        }
    }

    private void transformInput(int panel, int channel, Scratch scratch, int to, int step) {
        int segment = grid.segment();
        int piece = TILE * segment + TILE;
        int length = lineLength();
        for (int s = 0; s < grid.rowsPerPanel(); s++) {
            int row = grid.row(panel, s);
            int sample = row / grid.tilesY();
            int top = row % grid.tilesY() * TILE - pad;
            for (int r = 0; r < POINTS; r++) {
                if (row < grid.rows()) {
                    load(sample, channel, top + r, grid.column(panel) * TILE - pad, scratch.lines,
                            r * length + s * piece, piece);
                } else {
                    Arrays.fill(scratch.lines, r * length + s * piece, r * length + (s + 1) * piece, 0);
                }
            }
        }
        KERNEL.inputColumns(scratch.lines, scratch.columns, length);
        KERNEL.inputRows(scratch.columns, length, segment, NR, scratch.inputs, to, step);
    }

    /** Floats of a line that holds the pieces of one panel: the same for every segment length, and some to spare. */
    private int lineLength() {
        return roundUp(grid.rowsPerPanel() * (TILE * grid.segment() + TILE), 16);
    }

    /** Copies n pixels of a row from {@code column} on, with zeros outside the picture, times the style. */
    private void load(int sample, int channel, int row, int column, float[] line, int at, int n) {
        int begin = Math.clamp(-column, 0, n);
        int end = row < 0 || row >= x.size(2) ? begin : Math.clamp(x.size(3) - column, begin, n);
        Arrays.fill(line, at, at + begin, 0);
        if (end > begin) {
            long plane = (long) sample * x.size(1) + channel;
            long from = x.offset() + (plane * x.size(2) + row) * x.size(3) + column + begin;
            GEMM.scaledCopy(CpuBuffer.segmentOf(x), from * Float.BYTES, styles[(int) plane], line,
                    at + begin, end - begin);
        }
        Arrays.fill(line, at + end, at + n, 0);
    }

    /** One matrix product for output channels {@code o … o+rows−1}. */
    private void multiply(int f, int o, int rows, int count, float[] inputs, int from, float[] products, int to) {
        int channels = weights.inputs();
        int ldc = count * NR;
        int[] offsets = PackedOffsets.of(DEPTH);
        for (int c = 0; c < channels; c += DEPTH) {
            int depth = Math.min(DEPTH, channels - c);
            for (int p = 0; p < count; p++) {
                int b = from + (p * channels + c) * NR;
                for (int i = 0; i < rows; i += MR) {
                    GEMM.tile(depth, weights.values(), weights.at(f, (o + i) / MR, c), inputs, b, offsets, products,
                            to + i * ldc + p * NR, ldc, c > 0);
                }
            }
        }
    }

    private void transformOutput(int first, int count, int channel, Scratch scratch, int at, int step) {
        int n = count * NR;
        KERNEL.outputColumns(scratch.products, at, step, scratch.lines, n);
        KERNEL.outputRows(scratch.lines, scratch.columns, n);
        for (int p = 0; p < count; p++) {
            for (int s = 0; s < grid.rowsPerPanel(); s++) {
                int row = grid.row(first + p, s);
                int column = grid.column(first + p) * TILE;
                int top = row % grid.tilesY() * TILE;
                for (int r = 0; r < TILE && row < grid.rows() && top + r < height; r++) {
                    int from = r * TILE * n + (p * NR + s * grid.segment()) * TILE;
                    sink.store(row / grid.tilesY(), channel, (top + r) * width + column,
                            Math.min(TILE * grid.segment(), width - column), scratch.columns, from);
                }
            }
        }
    }

    private static int roundUp(int size, int unit) {
        return Math.ceilDiv(size, unit) * unit;
    }

    /** Working memory of one thread, kept between calls. */
    private static final class Scratch {
        private float[] inputs = {};
        private float[] products = {};
        private float[] lines = {};
        private float[] columns = {};

        void ensure(int inputSize, int productSize, int tiles) {
            inputs = inputs.length < inputSize ? new float[inputSize] : inputs;
            products = products.length < productSize ? new float[productSize] : products;
            // A line of single tiles takes 8 floats a tile; going back, a tile takes 24 and then 16.
            int lineSize = POINTS * 8 * tiles + 32 * POINTS;
            lines = lines.length < lineSize ? new float[lineSize] : lines;
            columns = columns.length < lineSize ? new float[lineSize] : columns;
        }
    }
}
