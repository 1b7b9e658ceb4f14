package stylegan4j.kernels.cpu.conv;

import stylegan4j.kernels.Backend;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.sample.Upfirdn2d;

/**
 * Convolutions with everything StyleGAN2 puts around them. Styles multiply while inputs are loaded; demodulation,
 * noise, bias and activation are applied to results before they leave the cache.
 */
public final class FusedConvolution {
    private FusedConvolution() {
    }

    /**
     * See {@link Backend#fusedConv2d}.
     *
     * @param memory gives the filtered picture its room
     */
    public static void run(Threads threads, Backend memory, NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        var sink = new EpilogueSink(spec.scales().output(), spec.epilogue(), y);
        int k = weight.size(2);
        int pad = (k - 1) / 2;
        NdArray styles = spec.scales().input();
        switch (spec.resample()) {
            case NONE -> Convolutions.forward(threads, x, weight, ConvGeometry.of(1, pad), styles, y.size(2),
                    y.size(3), sink);
            case UP -> {
                requireThree(k);
                try (Temporary wide = new Temporary(memory, y.size(0), y.size(1), 2 * x.size(2) + 1,
                        2 * x.size(3) + 1)) {
                    Convolutions.transposed(threads, x, weight, styles, wide.array);
                    Fir fir = spec.fir();
                    Upfirdn2d.run(threads, wide.array, fir, padded((fir.height() + 1) / 2 - 1, fir.height() - 2,
                            (fir.width() + 1) / 2 - 1, fir.width() - 2), y, sink::row);
                }
            }
            case DOWN -> {
                Fir fir = spec.fir();
                int height = 2 * (y.size(2) - 1) + k;
                int width = 2 * (y.size(3) - 1) + k;
                int before = pad + (fir.height() - 1) / 2;
                int left = pad + (fir.width() - 1) / 2;
                try (Temporary filtered = new Temporary(memory, x.size(0), x.size(1), height, width)) {
                    Upfirdn2d.run(threads, x, fir, padded(before, height + fir.height() - 1 - x.size(2), left,
                            width + fir.width() - 1 - x.size(3)), filtered.array);
                    Convolutions.forward(threads, filtered.array, weight, ConvGeometry.of(2, 0), styles, y.size(2),
                            y.size(3), sink);
                }
            }
        }
        sink.finish(threads);
    }

    private static void requireThree(int k) {
        if (k != 3) {
            throw new IllegalArgumentException("fusedConv2d: up-sampling expects a kernel of 3, got " + k);
        }
    }

    /** Filtering at every position. */
    private static Upfirdn padded(int padY0, int padY, int padX0, int padX) {
        return new Upfirdn(1, 1, 1, 1, padY0, padY - padY0, padX0, padX - padX0, false);
    }

    /** A dense picture that lives for one call. */
    private static final class Temporary implements AutoCloseable {
        private final Backend memory;
        private final Buffer buffer;
        private final NdArray array;

        Temporary(Backend memory, int... shape) {
            this.memory = memory;
            this.buffer = memory.allocate(NdArray.numel(shape) * Float.BYTES);
            this.array = NdArray.contiguous(buffer, DType.F32, shape);
        }

        @Override
        public void close() {
            memory.release(buffer);
        }
    }
}
