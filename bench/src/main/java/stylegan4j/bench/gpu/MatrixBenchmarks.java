package stylegan4j.bench.gpu;

import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.stylegan.Channels;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.ModulatedConvolution;
import stylegan4j.tensor.op.RandomNumbers;

/** The rate of large matrix products, and what share of it the layers of a synthesis network reach. */
final class MatrixBenchmarks {
    static final String PRODUCTS = "matrix products";
    static final String LAYERS = "modulated convolutions";

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    MatrixBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        for (Precision precision : precisions(device.backend())) {
            with(device.backend(), precision, () -> {
                product(precision);
                for (int batch : List.of(1, sizes.layerBatch())) {
                    layers(precision, batch);
                }
            });
        }
    }

    /** Those that a backend can compute in. */
    static List<Precision> precisions(Backend backend) {
        return backend instanceof CudaBackend ? List.of(Precision.values()) : List.of(Precision.F32);
    }

    static void with(Backend backend, Precision precision, Runnable work) {
        if (backend instanceof CudaBackend cuda) {
            Precision before = cuda.precision();
            cuda.precision(precision);
            try {
                work.run();
            } finally {
                cuda.precision(before);
            }
        } else {
            work.run();
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
        for (int resolution = 4; resolution <= sizes.resolutions().getLast(); resolution *= 2) {
            int in = channels.at(Math.max(4, resolution / 2));
            int out = channels.at(resolution);
            if (resolution > 4) {
                layer(precision, batch, in, out, resolution / 2, Resample.UP);
            }
            layer(precision, batch, out, out, resolution, Resample.NONE);
        }
    }

    private void layer(Precision precision, int batch, int in, int out, int size, Resample resample) {
        String name = size + " px " + in + " to " + out + (resample == Resample.UP ? " up" : "") + " batch " + batch
                + " " + precision;
        double flop = 2.0 * batch * in * out * 9 * size * size;
        try (Scope _ = device.open()) {
            Fir fir = resample == Resample.UP ? Fir.separable(1, 3, 3, 1) : null;
            int outSize = resample == Resample.UP ? 2 * size : size;
            Tensor x = new RandomNumbers(1).normal(batch, in, size, size);
            Tensor weight = new RandomNumbers(2).normal(out, in, 3, 3);
            Tensor styles = new RandomNumbers(3).normal(batch, in);
            Tensor noise = new RandomNumbers(4).normal(1, 1, outSize, outSize);
            Tensor strength = Tensor.ones(1);
            Tensor bias = Tensor.zeros(out);
            BiasAct act = BiasAct.of(Activation.LRELU).withClamp(256);
            clock.measure(LAYERS, name, 0, flop, () -> Autograd.noGrad(() -> {
                try (Scope _ = Scope.open()) {
                    ModulatedConvolution.modulatedConv2d(x, weight, styles, true, resample, fir, noise, strength, bias,
                            act);
                }
            }));
        }
    }
}
