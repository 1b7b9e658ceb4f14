package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static stylegan4j.kernels.cpu.conv.WinogradKernel.TILE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * The gradient of a 3×3 convolution in its weight by the adjoint of Winograd's F(4×4, 3×3): for each of the 36 points a
 * matrix product [O, tiles] · [tiles, C]. Small weights are computed in slices of the tiles, added in order.
 */
final class WinogradGradient {
    private static final GemmKernel GEMM = GemmKernel.BEST;
    private static final WinogradGradientKernel KERNEL = WinogradGradientKernel.BEST;
    private static final int MR = GEMM.mr();
    private static final int NR = GEMM.nr();
    private static final int POINTS = WinogradKernel.KERNEL_POINTS;
    private static final int MATRICES = POINTS * POINTS;
    /** Tiles transformed together. */
    private static final int BLOCK = 64;
    /** Channels of either side that a task takes: a multiple of every tile size. */
    private static final int CHANNELS = 128;
    /** Tasks that slicing aims at. */
    private static final int TASKS = 8;
    /** Keeps matrices from competing for one set of the cache; see {@link WinogradWeights}. */
    private static final int SKEW = 16;

    private static final HeapArray SUMS = new HeapArray();
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final NdArray x;
    private final NdArray dy;
    private final boolean inputScaled;
    private final boolean outputScaled;
    private final float[] inputScales;
    private final float[] outputScales;
    private final int pad;
    private final NdArray dw;
    private final TileGrid grid;
    private final int tiles;
    private final int outputs;
    private final int inputs;
    private final Blocks slices;
    /** Gradients at the points: [slices, 36, O, C], channels rounded up to whole tiles. */
    private final float[] sums;
    private final int pitch;
    private final int step;

    /** See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}; one group, unit stride, 3×3. */
    static void run(Threads threads, NdArray x, NdArray dy, int pad, ChannelScales scales, NdArray dw) {
        var op = new WinogradGradient(x, dy, pad, scales, dw);
        int down = Math.ceilDiv(op.outputs, CHANNELS);
        int across = Math.ceilDiv(op.inputs, CHANNELS);
        threads.run(down * across * op.slices.count(), task -> {
            int block = task / op.slices.count();
            op.products(task % op.slices.count(), block / across * CHANNELS, block % across * CHANNELS);
        });
        threads.run(op.outputs, op::finish);
    }

    private WinogradGradient(NdArray x, NdArray dy, int pad, ChannelScales scales, NdArray dw) {
        this.x = x;
        this.dy = dy;
        this.inputScaled = scales.input() != null;
        this.outputScaled = scales.output() != null;
        this.inputScales = Scales.read(scales.input(), x.size(0) * x.size(1));
        this.outputScales = Scales.read(scales.output(), dy.size(0) * dy.size(1));
        this.pad = pad;
        this.dw = dw;
        this.grid = TileGrid.of(dy.size(0), dy.size(2), dy.size(3), TILE, NR, BLOCK);
        this.tiles = grid.lanes();
        this.outputs = dw.size(0);
        this.inputs = dw.size(1);
        int blocks = Math.ceilDiv(outputs, CHANNELS) * Math.ceilDiv(inputs, CHANNELS);
        this.slices = new Blocks(grid.blocks(), Math.ceilDiv(grid.blocks(), Math.ceilDiv(TASKS, blocks)));
        this.pitch = Blocks.roundUp(inputs, NR);
        this.step = Blocks.roundUp(outputs, MR) * pitch + SKEW;
        this.sums = SUMS.ofSize(Math.multiplyExact(slices.count() * MATRICES, step));
    }

    /** Sums one block of channels over the tiles of a slice. */
    private void products(int slice, int o, int c) {
        int rows = Blocks.roundUp(Math.min(CHANNELS, outputs - o), MR);
        int columns = Blocks.roundUp(Math.min(CHANNELS, inputs - c), NR);
        int stepA = rows * tiles + SKEW;
        int stepB = columns * tiles + SKEW;
        int length = grid.pieces() * (TILE * grid.segment() + TILE);
        Scratch scratch = SCRATCH.get();
        scratch.ensure(MATRICES * stepA, MATRICES * stepB, POINTS * length * NR);
        for (int i = 0; i < slices.length(slice); i++) {
            int block = slices.start(slice) + i;
            for (int j = 0; j < columns; j += NR) {
                transformInputs(block, c + j, length, scratch, j * tiles, stepB);
            }
            for (int j = 0; j < rows; j += MR) {
                transformGradients(block, o + j, scratch, j * tiles, stepA);
            }
            for (int f = 0; f < MATRICES; f++) {
                int to = (slice * MATRICES + f) * step + o * pitch + c;
                for (int j = 0; j < columns; j += NR) {
                    for (int k = 0; k < rows; k += MR) {
                        GEMM.tile(tiles, scratch.gradients, f * stepA + k * tiles, scratch.inputs,
                                f * stepB + j * tiles, sums, to + k * pitch + j, pitch, i > 0);
                    }
                }
            }
        }
    }

    /** A panel of B for each point, NR channels side by side; pixels are staged so, too. */
    private void transformInputs(int block, int channel, int length, Scratch scratch, int to, int stepB) {
        int piece = TILE * grid.segment() + TILE;
        int live = Math.min(NR, inputs - channel);
        Arrays.fill(scratch.pixels, 0, POINTS * length * NR, 0);
        for (int s = 0; s < grid.pieces() && grid.row(block, s) < grid.rows(); s++) {
            int row = grid.row(block, s);
            for (int r = 0; r < POINTS; r++) {
                int y = row % grid.tilesY() * TILE - pad + r;
                if (y >= 0 && y < x.size(2)) {
                    stage(row / grid.tilesY() * inputs + channel, live, y, grid.column(block) * TILE - pad, piece,
                            scratch.pixels, (r * length + s * piece) * NR);
                }
            }
        }
        KERNEL.inputs(scratch.pixels, 0, length * NR, scratch.points, 0, length * NR, length * NR);
        for (int t = 0; t < tiles; t++) {
            int at = (t / grid.segment() * piece + t % grid.segment() * TILE) * NR;
            for (int i = 0; i < POINTS; i++) {
                KERNEL.inputs(scratch.points, i * length * NR + at, NR, scratch.inputs,
                        i * POINTS * stepB + to + t * NR, stepB, NR);
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

    /** A panel of A for each point, MR channels side by side; pixel (r, q) of every tile is staged together. */
    private void transformGradients(int block, int channel, Scratch scratch, int to, int stepA) {
        int n = tiles * MR;
        int live = Math.min(MR, outputs - channel);
        Arrays.fill(scratch.pixels, 0, TILE * TILE * n, 0);
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
                        columns, scratch.pixels, at, n, MR);
                if (outputScaled) {
                    float[] factors = GEMM.factors(outputScales, plane, live, MR);
                    for (int q = 0; q < TILE; q++) {
                        GEMM.multiply(scratch.pixels, at + q * n, grid.segment() * MR, factors);
                    }
                }
            }
        }
        for (int q = 0; q < TILE; q++) {
            KERNEL.gradients(scratch.pixels, q * n, TILE * n, scratch.points, q * n, TILE * n, n);
        }
        for (int i = 0; i < POINTS; i++) {
            KERNEL.gradients(scratch.points, i * TILE * n, n, scratch.gradients, i * POINTS * stepA + to, stepA, n);
        }
    }

    /** Adds the slices of one output channel and transforms them to gradients of its kernels. */
    private void finish(int o) {
        Scratch scratch = SCRATCH.get();
        scratch.ensure(0, 0, MATRICES * pitch);
        float[] total = scratch.pixels;
        for (int f = 0; f < MATRICES; f++) {
            System.arraycopy(sums, f * step + o * pitch, total, f * pitch, pitch);
            for (int slice = 1; slice < slices.count(); slice++) {
                add(sums, (slice * MATRICES + f) * step + o * pitch, total, f * pitch, pitch);
            }
        }
        int row = POINTS * pitch;
        KERNEL.weights(total, 0, row, scratch.points, 0, row, row);
        for (int r = 0; r < 3; r++) {
            KERNEL.weights(scratch.points, r * row, pitch, total, 3 * r * pitch, pitch, pitch);
        }
        float[] kernels = scratch.points;
        for (int c = 0; c < inputs; c++) {
            for (int k = 0; k < 9; k++) {
                kernels[9 * c + k] = total[k * pitch + c];
            }
        }
        long to = dw.offset() + 9L * o * inputs;
        MemorySegment.copy(kernels, 0, CpuBuffer.segmentOf(dw), JAVA_FLOAT, to * Float.BYTES, 9 * inputs);
    }

    private static void add(float[] from, int at, float[] to, int start, int n) {
        for (int i = 0; i < n; i++) {
            to[start + i] += from[at + i];
        }
    }

    /** Working memory of one thread, kept between calls. */
    private static final class Scratch {
        private float[] gradients = {};
        private float[] inputs = {};
        private float[] pixels = {};
        private float[] points = {};

        void ensure(int gradientSize, int inputSize, int pixelSize) {
            gradients = gradients.length < gradientSize ? new float[gradientSize] : gradients;
            inputs = inputs.length < inputSize ? new float[inputSize] : inputs;
            pixels = pixels.length < pixelSize ? new float[pixelSize] : pixels;
            points = points.length < pixelSize ? new float[pixelSize] : points;
        }
    }
}
