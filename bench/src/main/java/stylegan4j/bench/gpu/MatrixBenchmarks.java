package stylegan4j.bench.gpu;

import java.util.List;
import java.util.function.Supplier;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.stylegan.Channels;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.FusedConvolution.Operation;
import stylegan4j.tensor.op.ModulatedConvolution;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * The rate of large matrix products, and what share of it the layers of a synthesis network reach, plain
 * convolutions of the same sizes, and the gradients of those layers' weights.
 */
final class MatrixBenchmarks {
    static final String PRODUCTS = "matrix products";
    static final String LAYERS = "modulated convolutions";
    static final String CONVOLUTIONS = "plain convolutions";
    static final String WEIGHTS = "weight gradients";

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    MatrixBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        for (Precision precision : Precisions.of(device.backend(), sizes)) {
            Precisions.with(device.backend(), precision, () -> {
                product(precision);
                for (int batch : List.of(1, sizes.layerBatch())) {
                    layers(precision, batch);
                }
            });
        }
    }

    /** Name of the product whose rate is the precision's limit. */
    static String limit(Precision precision) {
        return "largest product " + precision;
    }

    private void product(Precision precision) {
        Backend backend = device.backend();
        int n = sizes.product();
        NdArray a = random(backend, n);
        NdArray b = random(backend, n);
        NdArray y = random(backend, n);
        clock.measure(PRODUCTS, limit(precision), 0, 2.0 * n * n * n, () -> backend.matmul(a, b, y));
        List.of(a, b, y).forEach(x -> backend.release(x.buffer()));
    }

    private static NdArray random(Backend backend, int n) {
        NdArray x = NdArray.contiguous(backend.allocate(4L * n * n), DType.F32, 1, n, n);
        backend.random(Distribution.NORMAL, 1, 0, x);
        return x;
    }

    private void layers(Precision precision, int batch) {
        Channels channels = new Channels(sizes.channelBase(), 512);
        for (int resolution = 4; resolution <= sizes.largest(); resolution *= 2) {
            int in = channels.at(Math.max(4, resolution / 2));
            int out = channels.at(resolution);
            if (resolution > 4) {
                modulated(precision, batch, in, out, resolution / 2, Resample.UP);
                weightGradient(precision, batch, out, in, resolution + 1, resolution / 2, ConvGeometry.of(2, 0));
            }
            modulated(precision, batch, out, out, resolution, Resample.NONE);
            plain(precision, batch, out, resolution);
            weightGradient(precision, batch, out, out, resolution, resolution, ConvGeometry.of(1, 1));
        }
    }

    /** A synthesis layer at given styles, its features stored as the precision has them. */
    private void modulated(Precision precision, int batch, int in, int out, int size, Resample resample) {
        String name = size + " px " + in + " to " + out + (resample == Resample.UP ? " up" : "") + " batch " + batch
                + " " + precision;
        try (Scope _ = device.open()) {
            Fir fir = resample == Resample.UP ? Fir.separable(1, 3, 3, 1) : null;
            int outSize = resample == Resample.UP ? 2 * size : size;
            DType storage = Precisions.storage(precision);
            Tensor x = new RandomNumbers(1).normal(batch, in, size, size).to(storage);
            Tensor weight = new RandomNumbers(2).normal(out, in, 3, 3);
            Tensor styles = new RandomNumbers(3).normal(batch, in);
            Tensor noise = new RandomNumbers(4).normal(1, 1, outSize, outSize);
            Tensor energy = ModulatedConvolution.energy(weight);
            Tensor strength = Tensor.ones(1);
            Tensor bias = Tensor.zeros(out);
            BiasAct act = BiasAct.of(Activation.LRELU).withClamp(256);
            measure(LAYERS, name, flop(batch, in, out, size), () -> FusedConvolution.conv2d(x, weight, resample, fir,
                    new Operation(styles, ModulatedConvolution.demodulation(energy, styles), noise, strength, bias),
                    act, storage));
        }
    }

    /** A convolution and nothing else, by our own kernel and, where features are F32, as the backend chooses. */
    private void plain(Precision precision, int batch, int channels, int size) {
        String name = size + " px " + channels + " channels batch " + batch;
        try (Scope _ = device.open()) {
            DType storage = Precisions.storage(precision);
            Tensor x = new RandomNumbers(1).normal(batch, channels, size, size).to(storage);
            Tensor weight = new RandomNumbers(2).normal(channels, channels, 3, 3);
            double flop = flop(batch, channels, channels, size);
            BiasAct nothing = BiasAct.of(Activation.LINEAR);
            measure(CONVOLUTIONS, name + " own kernel " + precision, flop, () -> FusedConvolution.conv2d(x, weight,
                    Resample.NONE, null, Operation.PLAIN, nothing, storage));
            if (storage == DType.F32) {
                measure(CONVOLUTIONS, name + " conv2d " + precision, flop,
                        () -> Convolution.conv2d(x, weight, ConvGeometry.of(1, 1)));
            }
        }
    }

    /**
     * A weight's gradient, with styles and demodulation by our own kernel and, where features are F32, without them as
     * the backend chooses: by cuDNN, where it is. An up-sampling layer's exchanges the channels, by stride 2.
     */
    private void weightGradient(Precision precision, int batch, int in, int out, int size, int outSize,
                                ConvGeometry g) {
        String name = "weight of " + outSize + " px " + in + " to " + out
                + (g.isUnitStride() ? "" : " stride " + g.strideY()) + " batch " + batch;
        Backend backend = device.backend();
        try (Scope _ = device.open()) {
            DType storage = Precisions.storage(precision);
            NdArray x = new RandomNumbers(1).normal(batch, in, size, size).to(storage).array();
            NdArray dy = new RandomNumbers(2).normal(batch, out, outSize, outSize).to(storage).array();
            NdArray dw = Tensor.zeros(out, in, 3, 3).array();
            ChannelScales scales = new ChannelScales(new RandomNumbers(3).normal(batch, in).array(),
                    new RandomNumbers(4).normal(batch, out).array());
            double flop = flop(batch, in, out, outSize);
            clock.measure(WEIGHTS, name + " own kernel " + precision, 0, flop,
                    () -> backend.conv2dWeightGradient(x, dy, g, scales, dw));
            if (storage == DType.F32) {
                clock.measure(WEIGHTS, name + " conv2d " + precision, 0, flop,
                        () -> backend.conv2dWeightGradient(x, dy, g, ChannelScales.NONE, dw));
            }
        }
    }

    private static double flop(int batch, int in, int out, int size) {
        return 2.0 * batch * in * out * 9 * size * size;
    }

    private void measure(String group, String name, double flop, Supplier<Tensor> work) {
        clock.measure(group, name, 0, flop, () -> Autograd.noGrad(() -> {
            try (Scope _ = Scope.open()) {
                work.get();
            }
        }));
    }
}
