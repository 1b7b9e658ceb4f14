package stylegan4j.kernels.cuda.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** The last step of a convolution whose sums lie in memory: adds partial results, filters, applies the epilogue. */
final class Finish {
    private static final String FILE = "finish.cu";
    private static final int THREADS = 256;
    private static final int TILE_WIDTH = 32;
    private static final int TILE_HEIGHT = 64;
    private static final int MOST_PLANES = 65535;

    /** A larger multiple of parts is added to so many first: else a short result would leave most of a device idle. */
    static final int GROUP = 16;

    private record Variant(DType from, DType type, Activation activation, int tapsY, int tapsX, boolean separable) {
    }

    private final CudaContext cuda;
    private final Map<Variant, Kernel> plain = new ConcurrentHashMap<>();
    private final Map<Variant, Kernel> filtered = new ConcurrentHashMap<>();

    Finish(CudaContext cuda) {
        this.cuda = cuda;
    }

    /** Partial sums {@code [splits, N, O, height, width]}, one after the other. */
    record Sums(long pointer, DType type, int splits, int n, int o, int height, int width) {
        long elements() {
            return (long) n * o * height * width;
        }
    }

    /** Adds the partial sums of y's shape: {@code y = epilogue(Σ)}. */
    void add(Sums sums, NdArray demodulation, Epilogue epilogue, NdArray y) {
        var variant = new Variant(sums.type, y.type(), epilogue.act().activation(), 1, 1, false);
        Kernel kernel = plain.computeIfAbsent(variant, v -> kernel(v, "finish"));
        cuda.launch(kernel, sums.elements(), THREADS, params(sums, demodulation, epilogue, y, Fir.identity(), 0, 0));
    }

    /**
     * Adds dense partial results in F32, one after the other: {@code y = Σ}. A multiple of {@link #GROUP} is added in
     * two steps: every {@code GROUP}-th part, then those sums.
     */
    void add(long parts, int count, NdArray y) {
        int elements = Math.toIntExact(y.numel());
        if (count > GROUP && count % GROUP == 0) {
            try (var memory = cuda.scratch((long) GROUP * elements * Float.BYTES)) {
                sum(parts, count / GROUP, GROUP, memory.array(DType.F32, GROUP, 1, 1, elements));
                add(memory.pointer(), GROUP, y);
            }
        } else {
            sum(parts, count, 1, new NdArray(y.buffer(), y.type(), y.offset(), new int[] {1, 1, 1, elements},
                    new long[] {elements, elements, elements, 1}));
        }
    }

    private void sum(long parts, int count, int results, NdArray y) {
        add(new Sums(parts, DType.F32, count, results, 1, 1, y.size(3)), null, Epilogue.NONE, y);
    }

    /**
     * Adds and filters: {@code y = epilogue(fir ∗ Σ)}, where row 0 of y is filtered from row {@code −padY} on.
     *
     * @param y [N, O, height, width], of a size of its own
     */
    void filter(Sums sums, Fir fir, int padY, int padX, NdArray demodulation, Epilogue epilogue, NdArray y) {
        boolean separable = fir.factors() != null;
        var variant = new Variant(sums.type, y.type(), epilogue.act().activation(), fir.height(), fir.width(),
                separable);
        Kernel kernel = filtered.computeIfAbsent(variant, v -> kernel(v, "finish_filtered"));
        int tiles = Math.ceilDiv(y.size(3), TILE_WIDTH) * Math.ceilDiv(y.size(2), TILE_HEIGHT);
        int planes = Math.min(y.size(0) * y.size(1), MOST_PLANES);
        int shared = Float.BYTES * (TILE_WIDTH + fir.width() - 1) * (TILE_HEIGHT + fir.height() - 1);
        cuda.launch(kernel, LaunchSize.of(tiles, planes, 1, THREADS).withShared(shared),
                params(sums, demodulation, epilogue, y, fir, padY, padX));
    }

    private static Params params(Sums sums, NdArray demodulation, Epilogue epilogue, NdArray y, Fir fir, int padY,
                                 int padX) {
        Params params = Params.start().pointer(sums.pointer).pointer(y);
        epilogue(params, demodulation, epilogue, y.size(1), y.size(2) * y.size(3));
        float[][] factors = fir.factors();
        float[] taps = fir.flipped().taps();
        return params.integer64(sums.elements()).integer(sums.splits)
                .integer(y.size(0)).integer(y.size(1)).integer(y.size(2)).integer(y.size(3))
                .integer(sums.height).integer(sums.width).integer(padY).integer(padX)
                .reals(taps, taps.length)
                .reals(factors == null ? new float[0] : reversed(factors[0]), fir.height())
                .reals(factors == null ? new float[0] : reversed(factors[1]), fir.width());
    }

    private static float[] reversed(float[] values) {
        float[] reversed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            reversed[i] = values[values.length - 1 - i];
        }
        return reversed;
    }

    /**
     * Writes the struct EpilogueParams.
     *
     * @param demodulation [N, O], or null
     * @param channels O
     * @param plane pixels of a channel
     */
    static void epilogue(Params params, NdArray demodulation, Epilogue epilogue, int channels, int plane) {
        NdArray noise = epilogue.noise();
        boolean eachSample = noise != null && noise.size(0) > 1;
        params.align(Long.BYTES).pointer(demodulation).pointer(noise).pointer(epilogue.noiseStrength())
                .pointer(epilogue.bias()).integer64(eachSample ? plane : 0)
                .integer(channels).real(epilogue.act().alpha()).real(epilogue.act().gain())
                .real(epilogue.act().clamps() ? epilogue.act().clamp() : Float.POSITIVE_INFINITY).align(Long.BYTES);
    }

    private Kernel kernel(Variant v, String name) {
        List<String> options = new ArrayList<>(List.of(TypedKernel.option("X_TYPE", v.from),
                TypedKernel.option("Y_TYPE", v.type), Options.activation(v.activation)));
        if (name.equals("finish_filtered")) {
            options.addAll(List.of(Options.number("TAPS_Y", v.tapsY), Options.number("TAPS_X", v.tapsX),
                    Options.number("SEPARABLE", v.separable ? 1 : 0)));
        }
        return cuda.kernel(FILE, name, options.toArray(String[]::new));
    }
}
