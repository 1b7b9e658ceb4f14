package stylegan4j.kernels.cpu.conv;

import java.util.List;
import stylegan4j.kernels.cpu.PixelSink;
import stylegan4j.kernels.cpu.Prepared;
import stylegan4j.kernels.cpu.gemm.BlockSize;
import stylegan4j.kernels.cpu.gemm.BlockedGemm;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.PanelKernel;
import stylegan4j.kernels.cpu.gemm.Panels;
import stylegan4j.kernels.cpu.gemm.Product;

/**
 * Convolution as an implicit matrix product: rows are output channels, columns output pixels, and the sum runs over
 * channels and taps. The piece of input under a block of pixels is staged once, and packed from there; where few
 * output channels read it, tiles take their patches in place.
 */
public final class Convolution implements Product {
    private static final int NR = GemmKernel.BEST.nr();

    /**
     * Sizes of a convolution.
     *
     * @param outputs output channels per group
     * @param channels input channels per group
     * @param height output rows
     * @param width output columns
     */
    record Shape(int samples, int groups, int outputs, int channels, int height, int width, int strideY,
                 int strideX) {
    }

    private final Shape shape;
    private final Taps taps;
    private final Picture input;
    private final WeightRows weight;
    private final PixelSink sink;
    private final Blocks rows;
    private final PixelBlocks pixels;
    private final Blocks sum;

    Convolution(Shape shape, Taps taps, Picture input, WeightRows weight, PixelSink sink) {
        this.shape = shape;
        this.taps = taps;
        this.input = input;
        this.weight = weight;
        this.sink = sink;
        int grid = Math.multiplyExact(shape.samples * shape.height, shape.width);
        var size = new BlockSize(shape.outputs, grid, shape.channels * taps.count(), shape.groups);
        this.rows = Blocks.even(shape.outputs, size.rows(), mr());
        this.pixels = new PixelBlocks(shape.samples, shape.height, shape.width, size.columns());
        this.sum = taps.count() == 0 ? new Blocks(0, 1)
                : Blocks.even(shape.channels, Math.max(1, BlockedGemm.DEPTH / taps.count()), 1);
    }

    @Override
    public int batches() {
        return shape.groups;
    }

    @Override
    public int rowBlocks() {
        return rows.count();
    }

    @Override
    public int columnBlocks() {
        return pixels.count();
    }

    @Override
    public int rows(int rowBlock) {
        return rows.length(rowBlock);
    }

    @Override
    public int columns(int columnBlock) {
        return pixels.box(columnBlock).pixels();
    }

    @Override
    public int parts() {
        return sum.count();
    }

    @Override
    public int depth(int batch, int part) {
        return sum.length(part) * taps.count();
    }

    @Override
    public void packRows(int group, int rowBlock, int part, float[] a, int at) {
        weight.pack(group, rows.start(rowBlock), rows.length(rowBlock), sum.start(part), sum.length(part), mr(), a,
                at);
    }

    @Override
    public float[] allRows(Prepared.Maker<float[]> pack) {
        return weight.prepared(List.of(rows.count(), rows.length(0), sum.count(), parts() > 0 ? sum.length(0) : 0),
                pack);
    }

    @Override
    public void packColumns(int group, int columnBlock, int part, Panels panels) {
        var box = pixels.box(columnBlock);
        int channels = sum.length(part);
        var window = Picture.Window.under(box, taps, shape.strideY, shape.strideX);
        float[] staged = panels.staged(box.samples() * channels * window.plane() + NR);
        input.stage(box.sample(), box.samples(), group * shape.channels + sum.start(part), channels, window, staged);

        int depth = channels * taps.count();
        int[] terms = panels.sumOffsets(depth);
        window.termOffsets(taps, channels, terms);
        int[] columns = panels.laneOffsets(box.pixels());
        Picture.Window.pixelOffsets(box, channels * window.plane(), shape.strideY * window.pitch(), 1, columns);
        panels.place(staged, terms, depth, columns, box.pixels(), !packsColumns());
    }

    @Override
    public boolean packsColumns() {
        return Panels.packingPays(Math.ceilDiv(shape.outputs, PanelKernel.BEST.mr()));
    }

    @Override
    public void store(int group, int rowBlock, int columnBlock, float[] c, int ldc) {
        var box = pixels.box(columnBlock);
        boolean wholeRows = box.columns() == shape.width;
        int run = wholeRows ? box.rows() * box.columns() : box.columns();
        for (int i = 0; i < rows.length(rowBlock); i++) {
            int channel = group * shape.outputs + rows.start(rowBlock) + i;
            for (int q = 0; q < box.pixels(); q += run) {
                int row = q / box.columns();
                store(box, row / box.rows(), channel, row % box.rows(), run, c, i * ldc + q);
            }
        }
    }

    private void store(PixelBlocks.Box box, int sample, int channel, int row, int run, float[] c, int at) {
        sink.store(box.sample() + sample, channel, (box.y() + row) * shape.width + box.x(), run, c, at);
    }
}
