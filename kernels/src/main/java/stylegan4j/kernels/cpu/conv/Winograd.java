package stylegan4j.kernels.cpu.conv;

import static stylegan4j.kernels.cpu.conv.WinogradKernel.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Convolution by one of Winograd's algorithms. A task takes a block of tiles through all steps, so that transformed
 * inputs and products stay in its core's cache: transform the inputs to a matrix [C, tiles] for each point, multiply
 * each by its matrix of weights [O, C], transform the products back to pictures.
 */
final class Winograd {
    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final int MR = GEMM.mr();
    private static final int NR = GEMM.nr();
    /** Points of the tiles of a task, for one channel: transformed weights are read once for this many. */
    private static final int BLOCK = 64 * 36;
    /** Output channels whose products are kept at a time. */
    private static final int ROWS = 64;
    /** Small pictures are cut by output channels too, up to this many tasks; each transforms the inputs again. */
    private static final int TASKS = 8;
    /** Input channels summed at a time: the panel of B stays in the first-level cache, and short sums round less. */
    private static final int DEPTH = 128;
    /** Keeps matrices from competing for one set of the cache; see {@link WinogradWeights}. */
    private static final int SKEW = 16;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final WinogradKernel kernel;
    private final NdArray x;
    private final float[] styles;
    private final int pad;
    private final WinogradWeights weights;
    private final int height;
    private final int width;
    private final PixelSink sink;
    private final TileGrid grid;
    private final int lanes;
    /** Floats of a line that holds all pieces of a block. */
    private final int length;

    /**
     * Convolves x with the transformed weights.
     *
     * @param x [N, C, H, W], dense
     * @param styles factors [N, C] of the inputs, or null
     * @param pad zeros before the first row and column of x
     * @param height rows of the output
     * @param width columns of the output
     */
    static void convolve(Threads threads, NdArray x, NdArray styles, int pad, WinogradWeights weights, int height,
                         int width, PixelSink sink) {
        var op = new Winograd(x, styles, pad, weights, height, width, sink);
        int outputs = weights.outputs();
        int parts = Math.clamp(Math.ceilDiv(TASKS, op.grid.blocks()), 1, Math.ceilDiv(outputs, 2 * ROWS));
        int part = Blocks.roundUp(Math.ceilDiv(outputs, parts), ROWS);
        threads.run(op.grid.blocks() * parts, task -> {
            int from = task % parts * part;
            op.block(task / parts, from, Math.min(from + part, outputs));
        });
    }

    private Winograd(NdArray x, NdArray styles, int pad, WinogradWeights weights, int height, int width,
                     PixelSink sink) {
        this.kernel = weights.kernel();
        this.x = x;
        this.styles = Scales.read(styles, x.size(0) * x.size(1));
        this.pad = pad;
        this.weights = weights;
        this.height = height;
        this.width = width;
        this.sink = sink;
        int most = Math.ceilDiv(BLOCK / (kernel.points() * kernel.points()), NR) * NR;
        this.grid = TileGrid.of(x.size(0), height, width, kernel.outputs(), NR, most);
        this.lanes = grid.lanes();
        this.length = Blocks.roundUp(grid.pieces() * (TILE * grid.segment() + TILE), 16);
    }

    private void block(int block, int from, int end) {
        int channels = weights.inputs();
        int matrices = kernel.points() * kernel.points();
        int step = channels * lanes + SKEW;
        int productStep = Blocks.roundUp(Math.min(ROWS, weights.outputs()), MR) * lanes + SKEW;
        Scratch scratch = SCRATCH.get();
        scratch.ensure(matrices * step, matrices * productStep,
                kernel.points() * Math.max(length, kernel.outputs() * lanes));
        for (int c = 0; c < channels; c++) {
            transformInput(block, c, scratch, step);
        }
        for (int o = from; o < end; o += ROWS) {
            int rows = Math.min(ROWS, end - o);
            for (int f = 0; f < matrices; f++) {
                multiply(f, o, rows, scratch.inputs, f * step, scratch.products, f * productStep);
            }
            for (int i = 0; i < rows; i++) {
                transformOutput(block, o + i, scratch, i * lanes, productStep);
            }
        }
    }

    /** Stores each point's values as panels of B: NR lanes of every channel, then the next NR lanes. */
    private void transformInput(int block, int channel, Scratch scratch, int step) {
        int segment = grid.segment();
        int piece = TILE * segment + TILE;
        for (int s = 0; s < grid.pieces(); s++) {
            int row = grid.row(block, s);
            int top = row % grid.tilesY() * TILE - pad;
            for (int r = 0; r < kernel.window(); r++) {
                int at = r * length + s * piece;
                if (row < grid.rows()) {
                    load(row / grid.tilesY(), channel, top + r, grid.column(block) * TILE - pad, scratch.lines, at,
                            piece);
                } else {
                    Arrays.fill(scratch.lines, at, at + piece, 0);
                }
            }
        }
        kernel.inputColumns(scratch.lines, scratch.columns, length);
        for (int l = 0; l < lanes; l += NR) {
            int at = l / segment * piece + l % segment * TILE;
            kernel.inputRows(scratch.columns, at, length, Math.min(segment, NR), NR, scratch.inputs,
                    (l / NR * weights.inputs() + channel) * NR, step);
        }
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
    private void multiply(int f, int o, int rows, float[] inputs, int from, float[] products, int to) {
        int channels = weights.inputs();
        int[] offsets = PackedOffsets.of(DEPTH);
        for (int c = 0; c < channels; c += DEPTH) {
            int depth = Math.min(DEPTH, channels - c);
            for (int p = 0; p < lanes / NR; p++) {
                int b = from + (p * channels + c) * NR;
                for (int i = 0; i < rows; i += MR) {
                    GEMM.tile(depth, weights.values(), weights.at(kernel.kernelPoint(f), (o + i) / MR, c), inputs, b,
                            offsets, products, to + i * lanes + p * NR, lanes, c > 0);
                }
            }
        }
    }

    private void transformOutput(int block, int channel, Scratch scratch, int at, int step) {
        int tile = kernel.outputs();
        kernel.outputColumns(scratch.products, at, step, scratch.lines, lanes);
        kernel.outputRows(scratch.lines, scratch.columns, lanes);
        int column = grid.column(block) * tile;
        int n = Math.min(tile * grid.segment(), width - column);
        for (int s = 0; s < grid.pieces(); s++) {
            int row = grid.row(block, s);
            int top = row % grid.tilesY() * tile;
            for (int r = 0; r < tile && row < grid.rows() && top + r < height; r++) {
                sink.store(row / grid.tilesY(), channel, (top + r) * width + column, n, scratch.columns,
                        (r * lanes + s * grid.segment()) * tile);
            }
        }
    }

    /** Working memory of one thread, kept between calls. */
    private static final class Scratch {
        private float[] inputs = {};
        private float[] products = {};
        private float[] lines = {};
        private float[] columns = {};

        /** @param lineSize for pictures and tiles between the two halves of a transform */
        void ensure(int inputSize, int productSize, int lineSize) {
            inputs = inputs.length < inputSize ? new float[inputSize] : inputs;
            products = products.length < productSize ? new float[productSize] : products;
            lines = lines.length < lineSize ? new float[lineSize] : lines;
            columns = columns.length < lineSize ? new float[lineSize] : columns;
        }
    }
}
