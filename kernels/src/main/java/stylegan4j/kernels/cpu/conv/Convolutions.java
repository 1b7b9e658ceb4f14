package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.PixelSink;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.BlockedGemm;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.winograd.TransposedEdges;
import stylegan4j.kernels.cpu.winograd.Winograd;
import stylegan4j.kernels.cpu.winograd.WinogradChoice;
import stylegan4j.kernels.cpu.winograd.WinogradGradient;
import stylegan4j.kernels.cpu.winograd.WinogradGradientKernel;
import stylegan4j.kernels.cpu.winograd.WinogradKernel;
import stylegan4j.kernels.cpu.winograd.WinogradWeights;

/** The convolution and its two adjoints. */
public final class Convolutions {
    private static final GemmKernel KERNEL = GemmKernel.BEST;

    private Convolutions() {
    }

    /** See {@link stylegan4j.kernels.Backend#conv2d}. */
    public static void forward(Threads threads, NdArray x, NdArray weight, ConvGeometry g, ChannelScales scales,
                               NdArray y) {
        forward(threads, x, weight, g, scales.input(), y.size(2), y.size(3), scaledStore(y, scales.output()));
    }

    /** The convolution without its output scales; results go to {@code sink}. */
    static void forward(Threads threads, NdArray x, NdArray weight, ConvGeometry g, NdArray inputScales, int height,
                        int width, PixelSink sink) {
        if (WinogradChoice.pays(x, weight, g)) {
            var weights = weights(threads, WinogradKernel.CONVOLUTION, weight, false, x, height, width);
            Winograd.convolve(threads, x, inputScales, g.padY(), weights, height, width, sink);
            return;
        }
        if (WinogradChoice.paysStrided(x.size(0), height, width, weight, g)) {
            var weights = weights(threads, WinogradKernel.STRIDED, weight, false, x, height, width);
            Winograd.convolve(threads, x, inputScales, g.padY(), weights, height, width, sink);
            return;
        }
        Taps taps = Taps.all(g, weight.size(2), weight.size(3));
        var shape = new Convolution.Shape(x.size(0), g.groups(), weight.size(0) / g.groups(), weight.size(1), height,
                width, g.strideY(), g.strideX());
        BlockedGemm.run(threads, new Convolution(shape, taps, new Picture(x, inputScales),
                new WeightRows(weight, g.groups(), false, taps), sink));
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dInputGradient}. */
    public static void inputGradient(Threads threads, NdArray dy, NdArray weight, ConvGeometry g, ChannelScales scales,
                                     NdArray dx) {
        if (WinogradChoice.pays(dy, weight, g)) {
            var weights = weights(threads, WinogradKernel.CONVOLUTION, weight, true, dy, dx.size(2),
                    dx.size(3));
            Winograd.convolve(threads, dy, scales.output(), 2 - g.padY(), weights, dx.size(2), dx.size(3),
                    scaledStore(dx, scales.input()));
            return;
        }
        if (WinogradChoice.paysTransposed(dy, weight, g, dx)) {
            transposed(threads, dy, weight, true, scales.output(), scales.input(), dx);
            return;
        }
        new Adjoint(threads, new Picture(dy, scales.output()), weight, true, g, scales.input(), dx).run();
    }

    /**
     * The full transposed convolution by stride 2, x [N, C, H, W] with a weight [O, C, 3, 3] → y [N, O, 2H + 1,
     * 2W + 1].
     *
     * @param styles factors [N, C] of x, or null
     */
    static void transposed(Threads threads, NdArray x, NdArray weight, NdArray styles, NdArray y) {
        ConvGeometry g = ConvGeometry.of(2, 0);
        if (WinogradChoice.paysTransposed(x, weight, g, y)) {
            transposed(threads, x, weight, false, styles, null, y);
        } else {
            new Adjoint(threads, new Picture(x, styles), weight, false, g, null, y).run();
        }
    }

    /** @param swapped whether the weight's first dimension runs over the input's channels */
    private static void transposed(Threads threads, NdArray x, NdArray weight, boolean swapped, NdArray inputScales,
                                   NdArray outputScales, NdArray y) {
        PixelSink sink = scaledStore(y, outputScales);
        int width = 2 * x.size(3);
        var weights = weights(threads, WinogradKernel.TRANSPOSED, weight, swapped, x, 2 * x.size(2), width);
        Winograd.convolve(threads, x, inputScales, 1, weights, 2 * x.size(2), width,
                (sample, channel, pixel, count, values, at) ->
                        sink.store(sample, channel, pixel + pixel / width, count, values, at));
        TransposedEdges.run(threads, weights, x, inputScales, outputScales, y);
    }

    /** What {@link Winograd} needs of the weight for a result of that height and width. */
    private static WinogradWeights weights(Threads threads, WinogradKernel kernel, NdArray weight, boolean swapped,
                                           NdArray x, int height, int width) {
        return WinogradWeights.of(threads, kernel, weight, swapped,
                Winograd.hasFewBlocks(kernel, x.size(0), height, width));
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}. */
    public static void weightGradient(Threads threads, NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales,
                                      NdArray dw) {
        if (WinogradChoice.paysWeightGradient(dy, dw, g)) {
            WinogradGradient.run(threads, WinogradGradientKernel.CONVOLUTION, x, dy, g.padY(), scales, dw);
        } else if (WinogradChoice.paysStridedGradient(dy, dw, g)) {
            WinogradGradient.run(threads, WinogradGradientKernel.STRIDED, x, dy, g.padY(), scales, dw);
        } else {
            WeightGradient.run(threads, x, dy, g, scales, dw);
        }
    }

    private static int phaseSize(int size, int phase, int stride) {
        return Math.max(0, Math.ceilDiv(size - phase, stride));
    }

    /** Multiplies by the channel's scale and writes to a dense y. */
    static PixelSink scaledStore(NdArray y, NdArray scales) {
        MemorySegment memory = CpuBuffer.segmentOf(y);
        int channels = y.size(1);
        long plane = (long) y.size(2) * y.size(3);
        float[] factors = Scales.read(scales, y.size(0) * channels);
        return (sample, channel, pixel, count, values, at) -> {
            int index = sample * channels + channel;
            long to = y.offset() + index * plane + pixel;
            KERNEL.scaledStore(values, at, factors[index], memory, to * 4, count);
        };
    }

    /**
     * A transposed convolution, one class of output pixels (modulo the strides) at a time.
     *
     * @param swapped whether the weight's first dimension runs over the input's channels
     */
    private record Adjoint(Threads threads, Picture picture, NdArray weight, boolean swapped, ConvGeometry g,
                           NdArray scales, NdArray y) {
        void run() {
            for (int phaseY = 0; phaseY < g.strideY(); phaseY++) {
                for (int phaseX = 0; phaseX < g.strideX(); phaseX++) {
                    phase(phaseY, phaseX);
                }
            }
        }

        private void phase(int phaseY, int phaseX) {
            Taps taps = Taps.phase(g, weight.size(2), weight.size(3), phaseY, phaseX);
            int channels = weight.size(swapped ? 0 : 1) / (swapped ? g.groups() : 1);
            var shape = new Convolution.Shape(y.size(0), g.groups(), y.size(1) / g.groups(), channels,
                    phaseSize(y.size(2), phaseY, g.strideY()), phaseSize(y.size(3), phaseX, g.strideX()), 1, 1);
            PixelSink sink = g.isUnitStride() ? scaledStore(y, scales)
                    : new PhaseStore(y, Scales.read(scales, y.size(0) * y.size(1)), g, phaseY, phaseX, shape.width());
            BlockedGemm.run(threads, new Convolution(shape, taps, picture,
                    new WeightRows(weight, g.groups(), swapped, taps), sink));
        }
    }

    /** Writes a grid of pixels to every stride-th pixel of y. */
    private record PhaseStore(MemorySegment memory, NdArray y, float[] factors, ConvGeometry g, int phaseY, int phaseX,
                              int width) implements PixelSink {
        PhaseStore(NdArray y, float[] factors, ConvGeometry g, int phaseY, int phaseX, int width) {
            this(CpuBuffer.segmentOf(y), y, factors, g, phaseY, phaseX, width);
        }

        @Override
        public void store(int sample, int channel, int pixel, int count, float[] values, int at) {
            int plane = sample * y.size(1) + channel;
            for (int done = 0; done < count;) {
                int row = (pixel + done) / width;
                int column = (pixel + done) % width;
                int run = Math.min(width - column, count - done);
                long line = (long) plane * y.size(2) + phaseY + (long) row * g.strideY();
                long to = y.offset() + line * y.size(3) + phaseX + (long) column * g.strideX();
                storeRow(values, at + done, factors[plane], to, run);
                done += run;
            }
        }

        private void storeRow(float[] values, int at, float factor, long to, int count) {
            int stride = g.strideX();
            for (int i = 0; i < count; i++) {
                memory.setAtIndex(JAVA_FLOAT, to + (long) i * stride, values[at + i] * factor);
            }
        }
    }
}
