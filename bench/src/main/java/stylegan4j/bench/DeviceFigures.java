package stylegan4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.ModulatedConvolution;
import stylegan4j.tensor.op.RandomNumbers;
import stylegan4j.tensor.op.Upfirdn2d;

/**
 * Figures of one device, CPU or GPU, by our code alone: copies, matrix products, the kernels that StyleGAN2 spends its
 * time in, and whole synthesis networks. Each figure is the median of several runs after warming up, each run long
 * enough that waiting for the device counts for little.
 */
public final class DeviceFigures {
    private static final double SECONDS_A_RUN = 0.3;
    private static final int RUNS = 5;

    private final Device device;
    private final boolean small;
    private final RandomNumbers random = new RandomNumbers(1);

    private DeviceFigures(Device device, boolean small) {
        this.device = device;
        this.small = small;
    }

    /** @param args {@code cpu}, {@code cuda} or {@code cuda:N}, then perhaps {@code small} */
    public static void main(String[] args) {
        String name = args.length == 0 ? "auto" : args[0];
        boolean small = args.length > 1 && args[1].equals("small");
        try (Device device = open(name)) {
            System.out.println("device: " + device);
            DeviceFigures figures = new DeviceFigures(device, small);
            figures.kernels();
            figures.networks();
        }
    }

    private static Device open(String name) {
        return switch (name) {
            case "auto" -> Device.best();
            case "cpu" -> Device.cpu();
            case "cuda" -> Device.cuda(0);
            default -> {
                if (!name.matches("cuda:\\d+")) {
                    throw new IllegalArgumentException("device: expected cpu, cuda, cuda:N or auto, got " + name);
                }
                yield Device.cuda(Integer.parseInt(name.substring("cuda:".length())));
            }
        };
    }

    private void kernels() {
        int elements = small ? 1 << 22 : 1 << 27;
        try (Scope _ = device.open()) {
            Tensor x = random.normal(elements);
            bytes("negate, reading and writing", 2L * elements, () -> x.neg());
        }
        for (int n : small ? new int[] {512} : new int[] {1024, 4096, 8192}) {
            try (Scope _ = device.open()) {
                Tensor a = random.normal(n, n);
                Tensor b = random.normal(n, n);
                work("matmul " + n + "³", 2e-9 * n * n * n, () -> a.matmul(b));
            }
        }
        int size = small ? 128 : 1024;
        int batch = small ? 1 : 8;
        try (Scope _ = device.open()) {
            Tensor x = random.normal(batch, 32, size, size);
            Tensor bias = random.normal(32);
            BiasAct act = BiasAct.of(Activation.LRELU);
            bytes("bias and lrelu " + Arrays.toString(x.shape()), 2 * x.numel(), () -> BiasActivation.biasAct(x, bias, act));
            Fir fir = Fir.separable(1, 3, 3, 1);
            bytes("upfirdn2d filter " + Arrays.toString(x.shape()), 2 * x.numel(), () -> Upfirdn2d.filter2d(x, fir));
        }
        for (String layer : small ? List.of("64-64-3x3@32") : List.of("512-512-3x3@16", "512-512-3x3@64",
                "256-256-3x3@128", "128-128-3x3@256", "64-64-3x3@512", "32-32-3x3@1024")) {
            modulated(ConvLayer.parse(layer), layer, 1);
            modulated(ConvLayer.parse(layer), layer, 2);
        }
    }

    private void modulated(ConvLayer layer, String name, int up) {
        int side = layer.size() / up;
        try (Scope _ = device.open()) {
            Tensor x = random.normal(1, layer.in(), side, side);
            Tensor weight = random.normal(layer.out(), layer.in(), layer.kernel(), layer.kernel());
            Tensor styles = random.normal(1, layer.in());
            Tensor noise = random.normal(1, 1, layer.size(), layer.size());
            Tensor strength = Tensor.scalar(1);
            Tensor bias = random.normal(layer.out());
            BiasAct act = BiasAct.of(Activation.LRELU);
            Fir fir = up == 2 ? Fir.separable(1, 3, 3, 1) : null;
            work("modulated conv " + name + (up == 2 ? " up 2" : ""), layer.gflop(side),
                    () -> ModulatedConvolution.modulatedConv2d(x, weight, styles, true,
                            up == 2 ? Resample.UP : Resample.NONE, fir, noise, strength, bias, act));
        }
    }

    private void networks() {
        for (int resolution : small ? new int[] {64} : new int[] {256, 1024}) {
            SynthesisWeights weights = new SynthesisWeights(resolution, resolution == 1024 ? 32768 : 16384);
            for (int batch : small ? new int[] {1} : new int[] {1, 8, 32}) {
                network(weights, batch, false);
            }
            network(weights, 1, true);
        }
    }

    private void network(SynthesisWeights weights, int batch, boolean backward) {
        try (Scope _ = device.open()) {
            float[] ws = SeededData.uniform(3, batch * weights.layers() * SynthesisWeights.W_DIM, 1);
            int base = weights.channels(weights.resolution()) * weights.resolution();
            OwnSynthesis network = new OwnSynthesis(weights, base, ws, batch, backward);
            String name = "synthesis " + weights.resolution() + ", batch " + batch + (backward ? ", and backward" : "");
            double seconds = seconds(backward ? network::backward : network::run);
            System.out.printf(Locale.ROOT, "%-42s %10.3f ms %10.1f pictures/s %8.2f GiB at most%n", name, 1e3 * seconds,
                    batch / seconds, device.memory().peak() / (double) (1L << 30));
        }
    }

    /** Prints the rate of something that moves {@code floats} floats. */
    private void bytes(String name, long floats, Supplier<Tensor> body) {
        double seconds = seconds(() -> inScope(body));
        System.out.printf(Locale.ROOT, "%-42s %10.3f ms %10.1f GB/s%n", name, 1e3 * seconds,
                1e-9 * Float.BYTES * floats / seconds);
    }

    /** Prints the rate of something that takes {@code gflop} 10⁹ multiplications and additions. */
    private void work(String name, double gflop, Supplier<Tensor> body) {
        double seconds = seconds(() -> inScope(body));
        System.out.printf(Locale.ROOT, "%-42s %10.3f ms %10.1f GFLOP/s%n", name, 1e3 * seconds, gflop / seconds);
    }

    private void inScope(Supplier<Tensor> body) {
        try (Scope _ = Scope.open()) {
            Autograd.noGrad(body);
        }
    }

    private double seconds(Runnable body) {
        body.run();
        int calls = Math.max(1, (int) (SECONDS_A_RUN / timed(body, 1)));
        timed(body, calls);
        List<Double> runs = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            runs.add(timed(body, calls));
        }
        double[] sorted = runs.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[RUNS / 2];
    }

    /** Seconds a call, the device's work included. */
    private double timed(Runnable body, int calls) {
        synchronize();
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            body.run();
        }
        synchronize();
        return 1e-9 * (System.nanoTime() - start) / calls;
    }

    /** Work is done in order: reading a number made last waits for all of it. */
    private static void synchronize() {
        try (Scope _ = Scope.open()) {
            Tensor.zeros(1).toArray();
        }
    }
}
