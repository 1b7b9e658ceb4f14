package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.WinogradKernel.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.PixelSink;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;
import stylegan4j.kernels.cpu.gemm.PanelKernel;

/**
 * Convolution by one of Winograd's algorithms: transform the inputs of a block of tiles to a matrix [C, tiles] for each
 * point, multiply each by its matrix of weights [O, C], transform the products back to pictures. A task takes a block
 * through all steps, so that it stays in its core's cache; where there are few blocks, tasks first share the inputs'
 * transforms by channels and then the rest by outputs. So they do where a picture is convolved again, by another
 * weight: its transform is kept from then on.
 */
public final class Winograd {
    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final PanelKernel TILES = PanelKernel.BEST;
    private static final int MR = TILES.mr();
    private static final int NR = GEMM.nr();
    /** Points of the tiles of a task, for one channel: transformed weights are read once for this many. */
    private static final int BLOCK = 64 * 36;
    /** Where there are fewer blocks, each step is shared out by itself. */
    private static final int FEW_BLOCKS = 8;
    /** Outputs of a task then, if it transforms their weights as well, which are to stay in its core's cache. */
    private static final int ONCE = Blocks.roundUp(32, MR);
    /** Channels whose inputs a task transforms then. */
    private static final int CHANNELS = 32;
    /** Floats of a transformed picture, at most, that is kept for further weights. */
    private static final long KEPT = 1 << 25;
    /** Keeps matrices from competing for one set of the cache; see {@link WinogradWeights}. */
    private static final int SKEW = 16;
    /** Sample of the pieces that fill up a block. */
    private static final int NOWHERE = -1;

    private static final HeapArray SHARED = new HeapArray();
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
    /** The points in an order in which those follow each other that are multiplied by the same weights. */
    private final int[] order;
    /** Floats from the inputs at one point to those at the next. */
    private final int inputStep;

    /**
     * Convolves x with the transformed weights.
     *
     * @param x [N, C, H, W], dense
     * @param styles factors [N, C] of the inputs, or null
     * @param pad zeros before the first row and column of x
     * @param height rows of the output
     * @param width columns of the output
     */
    public static void convolve(Threads threads, NdArray x, NdArray styles, int pad, WinogradWeights weights,
                                int height, int width, PixelSink sink) {
        var op = new Winograd(x, styles, pad, weights, height, width, sink);
        int blocks = op.grid.blocks();
        boolean keeps = styles == null && (long) blocks * op.blockSize() <= KEPT;
        float[] kept = keeps ? op.keptInputs(threads) : null;
        if (kept != null) {
            op.multiplyShared(threads, kept);
        } else if (blocks < FEW_BLOCKS) {
            float[] inputs = SHARED.ofSize(blocks * op.blockSize());
            op.transformShared(threads, inputs);
            op.multiplyShared(threads, inputs);
        } else {
            threads.run(blocks, op::block);
        }
    }

    /** Names a transformed picture among what is kept of a buffer. */
    private record InputKey(WinogradKernel kernel, long offset, List<Integer> shape, int pad, int height, int width) {
    }

    /** The transformed inputs of all blocks where this is not the first time that they are wanted, or else null. */
    private float[] keptInputs(Threads threads) {
        var shape = Arrays.stream(x.shape()).boxed().toList();
        var key = new InputKey(kernel, x.offset(), shape, pad, height, width);
        return CpuBuffer.of(x).prepared().get(key, float[].class, keep -> {
            if (!keep) {
                return null;
            }
            float[] inputs = new float[grid.blocks() * blockSize()];
            transformShared(threads, inputs);
            return inputs;
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
        this.grid = grid(kernel, x.size(0), height, width);
        this.lanes = grid.lanes();
        this.length = kernel.stride() * Blocks.roundUp(grid.pieces() * (TILE * grid.segment() + TILE), 16);
        this.inputStep = weights.inputs() * lanes + SKEW;
        this.order = IntStream.range(0, matrices()).boxed().sorted(Comparator.comparing(kernel::kernelPoint))
                .mapToInt(f -> f).toArray();
    }

    /** The tiles of outputs [samples, O, height, width]. */
    static TileGrid grid(WinogradKernel kernel, int samples, int height, int width) {
        int most = Math.ceilDiv(BLOCK / (kernel.points() * kernel.points()), NR) * NR;
        return TileGrid.of(samples, height, width, kernel.outputs(), NR, most);
    }

    /** Whether the weights are read about once, so that they need not be transformed in advance. */
    public static boolean hasFewBlocks(WinogradKernel kernel, int samples, int height, int width) {
        return grid(kernel, samples, height, width).blocks() < FEW_BLOCKS;
    }

    private int matrices() {
        return kernel.points() * kernel.points();
    }

    private void block(int block) {
        float[] inputs = SCRATCH.get().inputs(blockSize());
        transformInputs(block, 0, weights.inputs(), inputs, 0);
        for (int o = 0; o < weights.outputs(); o += WinogradWeights.ROWS) {
            band(block, o, WinogradWeights.ROWS, weights, inputs, 0);
        }
    }

    /** Floats of the transformed inputs of one block. */
    private int blockSize() {
        return matrices() * inputStep;
    }

    private void transformShared(Threads threads, float[] inputs) {
        int pieces = Math.ceilDiv(weights.inputs(), CHANNELS);
        threads.run(grid.blocks() * pieces, task -> {
            int from = task % pieces * CHANNELS;
            int block = task / pieces;
            transformInputs(block, from, Math.min(from + CHANNELS, weights.inputs()), inputs, block * blockSize());
        });
    }

    private void multiplyShared(Threads threads, float[] inputs) {
        int blocks = grid.blocks();
        if (weights.values() == null) {
            threads.run(Math.ceilDiv(weights.outputs(), ONCE), task -> {
                int o = task * ONCE;
                WinogradWeights own = weights.rows(o, Math.min(ONCE, weights.outputs() - o));
                for (int block = 0; block < blocks; block++) {
                    band(block, o, ONCE, own, inputs, block * blockSize());
                }
            });
        } else {
            int bands = Math.ceilDiv(weights.outputs(), WinogradWeights.ROWS);
            threads.run(blocks * bands, task -> band(task % blocks, task / blocks * WinogradWeights.ROWS,
                    WinogradWeights.ROWS, weights, inputs, task % blocks * blockSize()));
        }
    }

    private void transformInputs(int block, int from, int end, float[] inputs, int to) {
        Scratch scratch = SCRATCH.get();
        scratch.ensureLines(kernel.points() * Math.max(length, kernel.outputs() * lanes));
        for (int c = from; c < end; c++) {
            transformInput(block, c, scratch, inputs, to);
        }
    }

    /** Multiplies and transforms back for {@code most} outputs or what there is, from {@code first} on. */
    private void band(int block, int first, int most, WinogradWeights made, float[] inputs, int from) {
        int rows = Math.min(most, weights.outputs() - first);
        int step = Blocks.roundUp(rows, MR) * lanes + SKEW;
        Scratch scratch = SCRATCH.get();
        scratch.ensureLines(kernel.points() * Math.max(length, kernel.outputs() * lanes));
        float[] products = scratch.products(matrices() * step);
        for (int f : order) {
            multiply(made, f, first, rows, inputs, from + f * inputStep, products, f * step);
        }
        for (int i = 0; i < rows; i++) {
            transformOutput(block, first + i, scratch, i * lanes, step);
        }
    }

    /** Stores each point's values as panels of B: NR lanes of every channel, then the next NR lanes. */
    private void transformInput(int block, int channel, Scratch scratch, float[] inputs, int to) {
        int segment = grid.segment();
        int piece = TILE * segment + TILE;
        int step = TILE * kernel.stride();
        for (int s = 0; s < grid.pieces(); s++) {
            int row = grid.row(block, s);
            int sample = row < grid.rows() ? row / grid.tilesY() : NOWHERE;
            int top = row % grid.tilesY() * step - pad;
            for (int r = 0; r < kernel.window(); r++) {
                load(sample, channel, top + r, grid.column(block) * step - pad, scratch.lines,
                        r * length + s * piece, piece);
            }
        }
        kernel.inputColumns(scratch.lines, scratch.columns, length);
        for (int l = 0; l < lanes; l += NR) {
            int at = l / segment * piece + l % segment * TILE;
            kernel.inputRows(scratch.columns, at, length, Math.min(segment, NR), NR, inputs,
                    to + (l / NR * weights.inputs() + channel) * NR, inputStep);
        }
    }

    /**
     * Copies a piece of a row from {@code column} on, with zeros outside the picture, times the style.
     *
     * @param n pixels of each phase; the second one goes half a line behind the first
     */
    private void load(int sample, int channel, int row, int column, float[] line, int at, int n) {
        int count = kernel.stride() * n;
        boolean outside = sample == NOWHERE || row < 0 || row >= x.size(2);
        int begin = Math.clamp(-column, 0, count);
        int end = outside ? begin : Math.clamp(x.size(3) - column, begin, count);
        if (end - begin < count) {
            for (int phase = 0; phase < kernel.stride(); phase++) {
                Arrays.fill(line, at + phase * length / 2, at + phase * length / 2 + n, 0);
            }
        }
        if (end == begin) {
            return;
        }
        long plane = (long) sample * x.size(1) + channel;
        long from = (x.offset() + (plane * x.size(2) + row) * x.size(3) + column + begin) * Float.BYTES;
        MemorySegment memory = CpuBuffer.segmentOf(x);
        if (kernel.stride() == 1) {
            GEMM.scaledCopy(memory, from, styles[(int) plane], line, at + begin, end - begin);
        } else {
            GEMM.scaledSplit(memory, from, styles[(int) plane], line, at + position(begin), at + position(begin + 1),
                    end - begin);
        }
    }

    /** Where a column lies in a line of two phases. */
    private int position(int column) {
        return column % 2 * (length / 2) + column / 2;
    }

    /** One matrix product for output channels {@code o … o+rows−1}. */
    private void multiply(WinogradWeights made, int f, int o, int rows, float[] inputs, int from, float[] products,
                          int to) {
        int channels = made.inputs();
        for (int c = 0; c < channels; c += WinogradWeights.DEPTH) {
            int depth = Math.min(WinogradWeights.DEPTH, channels - c);
            for (int p = 0; p < lanes / NR; p++) {
                int b = from + (p * channels + c) * NR;
                for (int i = 0; i < rows; i += MR) {
                    TILES.tile(depth, made.values(), made.at(kernel.kernelPoint(f), (o + i) / MR, c), inputs, b,
                            products, to + i * lanes + p * NR, lanes, c > 0);
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

        float[] inputs(int size) {
            inputs = inputs.length < size ? new float[size] : inputs;
            return inputs;
        }

        float[] products(int size) {
            products = products.length < size ? new float[size] : products;
            return products;
        }

        /** For pictures and tiles between the two halves of a transform. */
        void ensureLines(int size) {
            lines = lines.length < size ? new float[size] : lines;
            columns = columns.length < size ? new float[size] : columns;
        }
    }
}
