package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.BlockedGemm;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;
import stylegan4j.kernels.cpu.gemm.PanelKernel;
import stylegan4j.kernels.cpu.gemm.Panels;
import stylegan4j.kernels.cpu.gemm.Product;

/**
 * The adjoint of a convolution in its weight: rows are output channels, columns pairs of kernel element and input
 * channel, and the sum runs over the pixels of all samples. The input is staged with its channels last, so that a panel
 * of neighbouring channels is packed quickly for every kernel element, or read in place where few outputs read it.
 * Where the weight is too small to occupy many threads the pixels are cut into slices, whose sums are added in order.
 */
final class WeightGradient implements Product {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int NR = KERNEL.nr();
    private static final int MOST_ROWS = 128;
    private static final int MOST_COLUMNS = 576;
    /** Tasks that slicing aims at, and the fewest boxes of pixels worth a slice. */
    private static final int TASKS = 32;
    private static final int LEAST_BOXES = 4;

    private static final HeapArray KERNELS = new HeapArray();

    private final ConvGeometry g;
    private final Taps taps;
    private final Picture input;
    private final GradientRows gradient;
    private final int outputs;
    private final int inputs;
    private final Blocks rows;
    private final Blocks channels;
    private final PixelBlocks boxes;
    private final Blocks slices;
    private final NdArray dw;
    private final MemorySegment memory;
    /** Every slice's weight gradient, in dw's order in memory; not used when there is only one. */
    private final float[] sums;

    private WeightGradient(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        this.g = g;
        this.taps = Taps.all(g, dw.size(2), dw.size(3));
        this.input = new Picture(x, scales.input());
        this.gradient = new GradientRows(dy, scales.output());
        this.outputs = dw.size(0) / g.groups();
        this.inputs = dw.size(1);
        this.boxes = new PixelBlocks(dy.size(0), dy.size(2), dy.size(3), BlockedGemm.DEPTH);
        this.rows = Blocks.even(outputs, MOST_ROWS, mr());
        this.channels = Blocks.even(inputs, Math.max(1, MOST_COLUMNS / taps.count()), NR);
        int tasks = Math.max(1, g.groups() * rows.count() * channels.count());
        int wanted = Math.ceilDiv(TASKS, tasks);
        this.slices = new Blocks(boxes.count(), Math.max(LEAST_BOXES, Math.ceilDiv(boxes.count(), wanted)));
        this.dw = dw;
        this.memory = CpuBuffer.segmentOf(dw);
        this.sums = new float[slices.count() == 1 ? 0 : Math.toIntExact(slices.count() * dw.numel())];
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}. */
    static void run(Threads threads, NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        var product = new WeightGradient(x, dy, g, scales, dw);
        BlockedGemm.run(threads, product);
        if (product.slices.count() != 1) {
            product.addSlices(threads);
        }
    }

    @Override
    public int batches() {
        return slices.count() * g.groups();
    }

    @Override
    public int rowBlocks() {
        return rows.count();
    }

    @Override
    public int columnBlocks() {
        return channels.count();
    }

    @Override
    public int rows(int rowBlock) {
        return rows.length(rowBlock);
    }

    @Override
    public int columns(int columnBlock) {
        return lanes(columnBlock) * taps.count();
    }

    /** Columns of one tap: a block's channels, rounded up to whole panels. */
    private int lanes(int columnBlock) {
        return Blocks.roundUp(channels.length(columnBlock), NR);
    }

    @Override
    public int parts() {
        return slices.size();
    }

    @Override
    public int depth(int batch, int part) {
        int slice = batch / g.groups();
        return part < slices.length(slice) ? boxes.box(slices.start(slice) + part).pixels() : 0;
    }

    @Override
    public void packRows(int batch, int rowBlock, int part, float[] a, int at) {
        int channel = batch % g.groups() * outputs + rows.start(rowBlock);
        gradient.pack(channel, rows.length(rowBlock), box(batch, part), mr(), a, at);
    }

    @Override
    public void packColumns(int batch, int columnBlock, int part, Panels panels) {
        var box = box(batch, part);
        int lanes = lanes(columnBlock);
        var window = Picture.Window.under(box, taps, g.strideY(), g.strideX()).inOrder();
        int group = box.samples() * window.size() * NR;
        float[] staged = panels.staged(group * lanes / NR);
        int first = batch % g.groups() * inputs + channels.start(columnBlock);
        input.stageChannelsLast(box, first, channels.length(columnBlock), window, staged);
        int[] terms = panels.sumOffsets(box.pixels());
        int rowSize = g.strideY() * window.pitch() * NR;
        Picture.Window.pixelOffsets(box, window.size() * NR, rowSize, g.strideX() * NR, terms);
        int[] corners = new int[taps.count()];
        window.tapOffsets(taps, NR, corners);
        int count = taps.count() * lanes;
        int[] columns = panels.laneOffsets(count);
        for (int j = 0; j < count; j++) {
            columns[j] = corners[j / lanes] + j % lanes / NR * group + j % NR;
        }
        panels.place(staged, terms, box.pixels(), columns, count, !packsColumns());
    }

    @Override
    public boolean packsColumns() {
        return Panels.packingPays(Math.ceilDiv(outputs, PanelKernel.BEST.mr()));
    }

    @Override
    public void store(int batch, int rowBlock, int columnBlock, float[] c, int ldc) {
        int lanes = lanes(columnBlock);
        int down = rows.length(rowBlock);
        int across = channels.length(columnBlock);
        long rowStep = dw.strides()[0];
        long channelStep = dw.strides()[1];
        long first = (batch % g.groups() * outputs + rows.start(rowBlock)) * rowStep
                + channels.start(columnBlock) * channelStep + batch / g.groups() * dw.numel();
        boolean byRows = channelStep <= rowStep;
        int lines = byRows ? down : across;
        int length = (byRows ? across : down) * taps.count();
        float[] kernels = KERNELS.ofSize(lines * length);
        for (int row = 0; row < down; row++) {
            KERNEL.interleave(c, row * ldc, lanes, taps.count(), across, kernels,
                    row * (byRows ? length : taps.count()), byRows ? taps.count() : length);
        }
        for (int line = 0; line < lines; line++) {
            long to = first + line * (byRows ? rowStep : channelStep);
            if (slices.count() == 1) {
                KERNEL.scaledStore(kernels, line * length, 1, memory, (dw.offset() + to) * 4, length);
            } else {
                System.arraycopy(kernels, line * length, sums, (int) to, length);
            }
        }
    }

    private PixelBlocks.Box box(int batch, int part) {
        return boxes.box(slices.start(batch / g.groups()) + part);
    }

    private void addSlices(Threads threads) {
        Blocks pieces = new Blocks(Math.toIntExact(dw.numel()), 4096);
        threads.run(pieces.count(), piece -> {
            for (int i = 0; i < pieces.length(piece); i++) {
                addSlices(pieces.start(piece) + i);
            }
        });
    }

    private void addSlices(int element) {
        float sum = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            sum += sums[slice * (int) dw.numel() + element];
        }
        memory.setAtIndex(JAVA_FLOAT, dw.offset() + element, sum);
    }
}
