package stylegan4j.kernels.cpu.winograd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static stylegan4j.kernels.cpu.winograd.WinogradKernel.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.IntStream;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;
import stylegan4j.kernels.cpu.gemm.PanelKernel;

/**
 * The gradient of a 3×3 convolution in its weight by the adjoint of one of Winograd's algorithms: for each of a tile's
 * points a matrix product [O, tiles] · [tiles, C], added up for each of the kernel's 36. As many tiles as the cache
 * holds are transformed at a time, by all threads, then multiplied.
 */
public final class WinogradGradient {
    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final PanelKernel TILES = PanelKernel.BEST;
    private static final int MR = TILES.mr();
    private static final int NR = GEMM.nr();
    private static final int KERNEL_POINTS = WinogradKernel.KERNEL_POINTS;
    /** Matrices [O, C] of gradients of the kernel's points. */
    private static final int RESULTS = KERNEL_POINTS * KERNEL_POINTS;
    /** Tiles transformed together. */
    private static final int BLOCK = 64;
    /** Floats of all points of a round's tiles. */
    private static final int ROUND = 4 << 20;
    /** Tiles of a round, at most: a panel of B then stays in the first-level cache. */
    private static final int DEPTH = 256;
    /** Inputs and outputs that a task multiplies, and those that one transforms: multiples of a panel. */
    private static final int COLUMNS = 128;
    private static final int ROWS = Blocks.roundUp(128, MR);
    private static final int FEW_COLUMNS = 32;
    private static final int FEW_ROWS = Blocks.roundUp(32, MR);
    /** Keeps matrices from competing for one set of the cache; see {@link WinogradWeights}. */
    private static final int SKEW = 16;
    /** Output channels whose kernels are stored together. */
    private static final int OUTPUTS = 8;

    private static final HeapArray INPUTS = new HeapArray();
    private static final HeapArray GRADIENTS = new HeapArray();
    private static final HeapArray SUMS = new HeapArray();
    private static final HeapArray PIXELS = new HeapArray();
    private static final HeapArray MIDDLE = new HeapArray();
    private static final HeapArray ENTRIES = new HeapArray();

    private final WinogradGradientKernel kernel;
    /** Points of a tile in each direction. */
    private final int points;
    /** Inputs that a tile reads in each direction, and those from one tile to the next. */
    private final int window;
    private final int advance;
    private final NdArray x;
    private final NdArray dy;
    private final boolean inputScaled;
    private final boolean outputScaled;
    private final float[] inputScales;
    private final float[] outputScales;
    private final int pad;
    private final NdArray dw;
    private final TileGrid grid;
    private final int outputs;
    private final int inputs;
    /** Blocks of tiles of each round. */
    private final Blocks rounds;
    /** Transformed inputs of a round: for each of the tile's points a matrix [C, tiles] as panels of B. */
    private final float[] inputPoints;
    private final int inputStep;
    /** Transformed gradients: for each point [O, tiles] as panels of A. */
    private final float[] gradientPoints;
    private final int gradientStep;
    /** Gradients at the kernel's points: [36, O, C], channels rounded up to whole tiles. */
    private final float[] sums;
    private final int pitch;
    private final int step;
    /** The points of a tile that meet each of the kernel's. */
    private final int[][] meeting;

    /**
     * See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}; one group, 3×3.
     *
     * @param kernel the adjoint of the algorithm for the convolution's stride
     */
    public static void run(Threads threads, WinogradGradientKernel kernel, NdArray x, NdArray dy, int pad,
                           ChannelScales scales, NdArray dw) {
        var op = new WinogradGradient(kernel, x, dy, pad, scales, dw);
        for (int round = 0; round < op.rounds.count(); round++) {
            op.round(threads, round);
        }
        threads.run(Math.ceilDiv(op.outputs, OUTPUTS), op::finish);
    }

    private WinogradGradient(WinogradGradientKernel kernel, NdArray x, NdArray dy, int pad, ChannelScales scales,
                             NdArray dw) {
        this.kernel = kernel;
        this.points = kernel.algorithm().points();
        this.window = kernel.algorithm().window();
        this.advance = kernel.algorithm().stride() * TILE;
        this.x = x;
        this.dy = dy;
        this.inputScaled = scales.input() != null;
        this.outputScaled = scales.output() != null;
        this.inputScales = Scales.read(scales.input(), x.size(0) * x.size(1));
        this.outputScales = Scales.read(scales.output(), dy.size(0) * dy.size(1));
        this.pad = pad;
        this.dw = dw;
        this.grid = TileGrid.of(dy.size(0), dy.size(2), dy.size(3), TILE, NR, BLOCK);
        this.outputs = dw.size(0);
        this.inputs = dw.size(1);
        this.pitch = Blocks.roundUp(inputs, NR);
        int rows = Blocks.roundUp(outputs, MR);
        int tiles = Math.min(DEPTH, ROUND / (points * points * (rows + pitch)));
        this.rounds = Blocks.even(grid.blocks(), Math.max(1, tiles / grid.lanes()), 1);
        this.inputStep = pitch * rounds.size() * grid.lanes() + SKEW;
        this.gradientStep = rows * rounds.size() * grid.lanes() + SKEW;
        this.inputPoints = INPUTS.ofSize(Math.multiplyExact(points * points, inputStep));
        this.gradientPoints = GRADIENTS.ofSize(Math.multiplyExact(points * points, gradientStep));
        this.step = rows * pitch + SKEW;
        this.sums = SUMS.ofSize(Math.multiplyExact(RESULTS, step));
        this.meeting = IntStream.range(0, RESULTS).mapToObj(result -> IntStream.range(0, points * points)
                .filter(f -> kernel.algorithm().kernelPoint(f) == result).toArray()).toArray(int[][]::new);
    }

    private void round(Threads threads, int round) {
        int blocks = rounds.length(round);
        int begin = rounds.start(round);
        int across = Math.ceilDiv(inputs, FEW_COLUMNS);
        int down = Math.ceilDiv(outputs, FEW_ROWS);
        int depth = blocks * grid.lanes();
        threads.run(blocks * (across + down), task -> {
            int block = task % blocks;
            int group = task / blocks;
            if (group < across) {
                for (int c = group * FEW_COLUMNS; c < Math.min((group + 1) * FEW_COLUMNS, inputs); c += NR) {
                    transformInputs(begin + block, c, (c * depth) + block * grid.lanes() * NR);
                }
            } else {
                int first = (group - across) * FEW_ROWS;
                for (int o = first; o < Math.min(first + FEW_ROWS, outputs); o += MR) {
                    transformGradients(begin + block, o, (o * depth) + block * grid.lanes() * MR);
                }
            }
        });
        int columnBlocks = Math.ceilDiv(inputs, COLUMNS);
        int rowBlocks = Math.ceilDiv(outputs, ROWS);
        // The last points meet the most of a tile's: longest tasks come first.
        threads.run(RESULTS * columnBlocks * rowBlocks, task -> {
            int block = task % (columnBlocks * rowBlocks);
            multiply(RESULTS - 1 - task / (columnBlocks * rowBlocks), block / columnBlocks * ROWS,
                    block % columnBlocks * COLUMNS, depth, round > 0);
        });
    }

    /** Sums one of the kernel's points for a block of channels over a round's tiles. */
    private void multiply(int result, int o, int c, int depth, boolean accumulate) {
        int rowEnd = Math.min(o + ROWS, outputs);
        int columnEnd = Math.min(c + COLUMNS, inputs);
        boolean begun = accumulate;
        for (int f : meeting[result]) {
            for (int j = c; j < columnEnd; j += NR) {
                for (int i = o; i < rowEnd; i += MR) {
                    TILES.tile(depth, gradientPoints, f * gradientStep + i * depth, inputPoints,
                            f * inputStep + j * depth, sums, result * step + i * pitch + j, pitch, begun);
                }
            }
            begun = true;
        }
    }

    /** Part of a panel of B for each point, NR channels side by side; pixels are staged so, too. */
    private void transformInputs(int block, int channel, int to) {
        int piece = advance * grid.segment() + advance;
        int length = grid.pieces() * piece;
        int live = Math.min(NR, inputs - channel);
        float[] pixels = PIXELS.ofSize(window * length * NR);
        float[] middle = MIDDLE.ofSize(points * length * NR);
        Arrays.fill(pixels, 0, window * length * NR, 0);
        for (int s = 0; s < grid.pieces() && grid.row(block, s) < grid.rows(); s++) {
            int row = grid.row(block, s);
            for (int r = 0; r < window; r++) {
                int y = row % grid.tilesY() * advance - pad + r;
                if (y >= 0 && y < x.size(2)) {
                    stage(row / grid.tilesY() * inputs + channel, live, y, grid.column(block) * advance - pad, piece,
                            pixels, (r * length + s * piece) * NR);
                }
            }
        }
        kernel.inputs(pixels, 0, length * NR, middle, 0, length * NR, length * NR);
        for (int t = 0; t < grid.lanes(); t++) {
            int at = (t / grid.segment() * piece + t % grid.segment() * advance) * NR;
            for (int i = 0; i < points; i++) {
                kernel.inputs(middle, i * length * NR + at, NR, inputPoints, i * points * inputStep + to + t * NR,
                        inputStep, NR);
            }
        }
    }

    /** Copies the pixels of a row of {@code live} planes from {@code column} on; those outside stay zero. */
    private void stage(int plane, int live, int row, int column, int n, float[] dst, int at) {
        int begin = Math.max(0, -column);
        int count = Math.min(n, x.size(3) - column) - begin;
        if (count > 0) {
            long from = x.offset() + ((long) plane * x.size(2) + row) * x.size(3) + column + begin;
            GEMM.transpose(CpuBuffer.segmentOf(x), from * Float.BYTES, 4L * x.size(2) * x.size(3), live, count, dst,
                    at + begin * NR, NR);
            if (inputScaled) {
                GEMM.multiply(dst, at + begin * NR, count * NR, GEMM.factors(inputScales, plane, live, NR));
            }
        }
    }

    /** Part of a panel of A for each point, MR channels side by side; pixel (r, q) of every tile is staged together. */
    private void transformGradients(int block, int channel, int to) {
        int n = grid.lanes() * MR;
        int live = Math.min(MR, outputs - channel);
        float[] pixels = PIXELS.ofSize(TILE * TILE * n);
        float[] middle = MIDDLE.ofSize(points * TILE * n);
        Arrays.fill(pixels, 0, TILE * TILE * n, 0);
        int column = grid.column(block) * TILE;
        int columns = Math.min(TILE * grid.segment(), dy.size(3) - column);
        for (int s = 0; s < grid.pieces() && grid.row(block, s) < grid.rows(); s++) {
            int row = grid.row(block, s);
            int top = row % grid.tilesY() * TILE;
            for (int r = 0; r < TILE && top + r < dy.size(2); r++) {
                int plane = row / grid.tilesY() * outputs + channel;
                long from = dy.offset() + ((long) plane * dy.size(2) + top + r) * dy.size(3) + column;
                int at = r * TILE * n + s * grid.segment() * MR;
                GEMM.transpose(CpuBuffer.segmentOf(dy), from * Float.BYTES, 4L * dy.size(2) * dy.size(3), live,
                        columns, pixels, at, n, MR);
                if (outputScaled) {
                    float[] factors = GEMM.factors(outputScales, plane, live, MR);
                    for (int q = 0; q < TILE; q++) {
                        GEMM.multiply(pixels, at + q * n, grid.segment() * MR, factors);
                    }
                }
            }
        }
        for (int q = 0; q < TILE; q++) {
            kernel.gradients(pixels, q * n, TILE * n, middle, q * n, TILE * n, n);
        }
        for (int i = 0; i < points; i++) {
            kernel.gradients(middle, i * TILE * n, n, gradientPoints, i * points * gradientStep + to, gradientStep, n);
        }
    }

    /** Gradients of the kernels of {@link #OUTPUTS} output channels, which are neighbours in an exchanged weight. */
    private void finish(int group) {
        int first = group * OUTPUTS;
        int live = Math.min(OUTPUTS, outputs - first);
        boolean exchanged = dw.strides()[1] != 9;
        int channelStep = exchanged ? 9 * live : 9;
        float[] kernels = PIXELS.ofSize(9 * live * inputs);
        for (int o = 0; o < live; o++) {
            GEMM.interleave(entries(first + o), 0, pitch, 9, inputs, kernels, 9 * o * (exchanged ? 1 : inputs),
                    channelStep);
        }
        int runs = exchanged ? inputs : live;
        int run = 9 * live * inputs / runs;
        for (int i = 0; i < runs; i++) {
            long to = dw.offset() + first * dw.strides()[0] + i * dw.strides()[exchanged ? 1 : 0];
            MemorySegment.copy(kernels, i * run, CpuBuffer.segmentOf(dw), JAVA_FLOAT, to * Float.BYTES, run);
        }
    }

    /** An output channel's gradients of weights, [9, C], made of those at the points. */
    private float[] entries(int o) {
        int row = KERNEL_POINTS * pitch;
        float[] middle = MIDDLE.ofSize(3 * row);
        for (int j = 0; j < KERNEL_POINTS; j++) {
            kernel.weights(sums, j * step + o * pitch, KERNEL_POINTS * step, middle, j * pitch, row, pitch);
        }
        float[] entries = ENTRIES.ofSize(9 * pitch);
        for (int r = 0; r < 3; r++) {
            kernel.weights(middle, r * row, pitch, entries, 3 * r * pitch, pitch, pitch);
        }
        return entries;
    }
}
