package stylegan4j.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.Upfirdn;

/** Kernels that memory bounds: bytes a second, to stand beside the bandwidth of a copy measured first. */
final class MemoryBenchmarks implements AutoCloseable {
    static final String GROUP = "kernels bound by memory";
    /** The figure that others are shares of. */
    static final String COPY = "copy";

    private final Backend backend;
    private final Clock clock;
    private final int planes;
    private final int size;
    private final List<NdArray> arrays = new ArrayList<>();

    /** Pictures [1, planes, size, size]. */
    MemoryBenchmarks(Backend backend, Clock clock, int planes, int size) {
        this.backend = backend;
        this.clock = clock;
        this.planes = planes;
        this.size = size;
    }

    void run() {
        NdArray x = random(1, planes, size, size);
        NdArray y = random(1, planes, size, size);
        NdArray bias = random(planes);
        double one = 4.0 * x.numel();
        measure(COPY, 2 * one, () -> backend.copy(x, y));
        measure("fill", one, () -> backend.fill(y, 1));
        measure("sum of two", 3 * one, () -> backend.binary(BinaryOp.ADD, x, y, y));
        BiasAct act = BiasAct.of(Activation.LRELU).withClamp(256);
        measure("bias and activation", 2 * one, () -> backend.biasAct(x, bias, act, y));
        measure("gradient of bias and activation", 3 * one,
                () -> backend.biasActGradient(1, x, null, y, null, true, act, y));
        NdArray sums = empty(1, planes, 1, 1);
        measure("sum along pictures", one, () -> backend.reduce(ReduceOp.SUM, x, sums));
        measure("random normal numbers", one, () -> backend.random(Distribution.NORMAL, 1, 0, y));
        resampling(x, one);
        adam(x, y, one);
        features(one);
        gather(x, y, one);
    }

    private void resampling(NdArray x, double one) {
        Fir fir = Fir.separable(1, 3, 3, 1);
        NdArray same = empty(1, planes, size, size);
        measure("upfirdn2d filter", 2 * one,
                () -> backend.upfirdn2d(x, fir, new Upfirdn(1, 1, 1, 1, 2, 1, 2, 1, false), same));
        NdArray half = empty(1, planes, size / 2, size / 2);
        measure("upfirdn2d down", 1.25 * one,
                () -> backend.upfirdn2d(x, fir, new Upfirdn(1, 1, 2, 2, 1, 1, 1, 1, false), half));
        measure("upfirdn2d up", 1.25 * one,
                () -> backend.upfirdn2d(half, fir, new Upfirdn(2, 2, 1, 1, 2, 1, 2, 1, false), same));
        LinearMap map = bilinear(size / 2, size);
        NdArray wide = empty(1, planes, size / 2, size);
        measure("interpolation along rows", 0.75 * one, () -> backend.linearMap(half, 3, map, wide));
        measure("interpolation along columns", 1.5 * one, () -> backend.linearMap(wide, 2, map, same));
        NdArray indices = add(NdArray.contiguous(backend.allocate((long) one / 4), DType.I32, half.shape()));
        measure("largest of 2x2", 1.5 * one,
                () -> backend.maxPool2d(x, ConvGeometry.of(2, 0), 2, 2, half, indices));
        NdArray grid = random(1, size, size, 2);
        double gridBytes = 4.0 * grid.numel();
        measure("grid sample", 2 * one + gridBytes, () -> backend.gridSample(x, grid, false, same));
        measure("gradient of grid sample", 2 * one + gridBytes,
                () -> backend.gridSampleInputGradient(x, grid, false, same));
    }

    private void adam(NdArray x, NdArray y, double one) {
        NdArray mean = random(x.shape());
        NdArray square = random(x.shape());
        AdamStep step = AdamStep.of(0.9, 0.999, 1e-3, 1, 1e-8, 0, 1);
        measure("adam", 7 * one, () -> backend.adam(x, y, mean, square, step));
    }

    private void features(double one) {
        NdArray a = random(1, planes, size, size);
        NdArray b = random(1, planes, size, size);
        NdArray scale = random(planes);
        NdArray y = empty(1);
        NdArray da = empty(1, planes, size, size);
        measure("distance of features", 2 * one, () -> backend.featureDistance(a, b, scale, 1e-10f, y));
        measure("gradient of distance of features", 3 * one,
                () -> backend.featureDistanceGradient(a, b, scale, 1e-10f, y, da));
    }

    private void gather(NdArray x, NdArray y, double one) {
        NdArray rows = NdArray.contiguous(x.buffer(), DType.F32, planes * size, size);
        NdArray picked = NdArray.contiguous(y.buffer(), DType.F32, planes * size, size);
        int[] order = new int[planes * size];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) ((long) i * 7919 % order.length);
        }
        NdArray index = add(NdArray.contiguous(backend.allocate(4L * order.length), DType.I32, order.length));
        backend.upload(MemorySegment.ofArray(order), index.buffer(), 0);
        measure("rows picked by index", 2 * one, () -> backend.indexSelect(rows, 0, index, picked));
        measure("rows added by index", 2 * one, () -> backend.indexAdd(rows, 0, index, picked));
        measure("order of rows", 2 * one, () -> backend.argSort(rows, false,
                NdArray.contiguous(y.buffer(), DType.I32, planes * size, size)));
        measure("softmax of rows", 2 * one, () -> backend.softmax(rows, picked));
    }

    private void measure(String name, double bytes, Runnable work) {
        clock.measure(GROUP, name, bytes, 0, work);
    }

    private NdArray random(int... shape) {
        NdArray x = empty(shape);
        backend.random(Distribution.UNIFORM, shape.length, 0, x);
        return x;
    }

    private NdArray empty(int... shape) {
        return add(NdArray.contiguous(backend.allocate(4 * NdArray.numel(shape)), DType.F32, shape));
    }

    private NdArray add(NdArray array) {
        arrays.add(array);
        return array;
    }

    /** Twice as many outputs, each between its two nearest inputs. */
    private static LinearMap bilinear(int inputs, int outputs) {
        int[] starts = new int[outputs + 1];
        int[] columns = new int[2 * outputs];
        float[] weights = new float[2 * outputs];
        for (int i = 0; i < outputs; i++) {
            double place = Math.clamp((i + 0.5) * inputs / outputs - 0.5, 0, inputs - 1.0);
            int left = (int) Math.min(place, Math.max(0, inputs - 2));
            starts[i + 1] = 2 * (i + 1);
            columns[2 * i] = left;
            columns[2 * i + 1] = Math.min(left + 1, inputs - 1);
            weights[2 * i + 1] = (float) (place - left);
            weights[2 * i] = 1 - weights[2 * i + 1];
        }
        return new LinearMap(inputs, outputs, starts, columns, weights);
    }

    @Override
    public void close() {
        arrays.forEach(a -> backend.release(a.buffer()));
    }
}
