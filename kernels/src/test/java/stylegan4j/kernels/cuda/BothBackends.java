package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.kernels.cuda.jcuda.JcudaPlatform;

/** The same arrays on the CPU and on the CUDA backend, which must make the same of them. */
final class BothBackends implements AutoCloseable {
    final Backend cpu = new CpuBackend(2);
    final Backend cuda;
    private final SplittableRandom random = new SplittableRandom(11);
    private final List<Runnable> releases = new ArrayList<>();

    /** One array in both places. */
    record Pair(NdArray cpu, NdArray cuda) {
        Pair view(long offset, int[] shape, long... strides) {
            return new Pair(new NdArray(cpu.buffer(), cpu.type(), offset, shape, strides),
                    new NdArray(cuda.buffer(), cuda.type(), offset, shape, strides));
        }
    }

    BothBackends() {
        this(platform());
    }

    /** @param platform taken over */
    BothBackends(GpuPlatform platform) {
        cuda = new CudaBackend(platform);
    }

    /** The first GPU where {@code golden.device} is {@code cuda}, else the host playing one. */
    private static GpuPlatform platform() {
        if (System.getProperty("golden.device", "").equals("cuda")) {
            return JcudaPlatform.open(0);
        }
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        return HostGpu.platform();
    }

    /** Dense floats, normally distributed. */
    Pair normal(int... shape) {
        float[] values = new float[(int) NdArray.numel(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return of(values, shape);
    }

    Pair of(float[] values, int... shape) {
        return of(DType.F32, MemorySegment.ofArray(values), shape);
    }

    Pair of(int[] values, int... shape) {
        return of(DType.I32, MemorySegment.ofArray(values), shape);
    }

    Pair of(DType type, MemorySegment values, int... shape) {
        return new Pair(put(cpu, type, values, shape), put(cuda, type, values, shape));
    }

    private NdArray put(Backend backend, DType type, MemorySegment values, int... shape) {
        NdArray array = NdArray.contiguous(backend.allocate(values.byteSize()), type, shape);
        releases.add(() -> backend.release(array.buffer()));
        backend.upload(values, array.buffer(), 0);
        return array;
    }

    /** Dense, with the same odd contents in both places. */
    Pair empty(DType type, int... shape) {
        byte[] bytes = new byte[(int) NdArray.numel(shape) * type.bytes()];
        java.util.Arrays.fill(bytes, (byte) 0x3f);
        return of(type, MemorySegment.ofArray(bytes), shape);
    }

    Pair empty(int... shape) {
        return empty(DType.F32, shape);
    }

    /** Does the same on both. */
    void run(BiConsumer<Backend, java.util.function.Function<Pair, NdArray>> work) {
        work.accept(cpu, Pair::cpu);
        work.accept(cuda, Pair::cuda);
    }

    /** Compares all bytes. */
    void assertSame(Pair y, String message) {
        MemorySegment a = bytes(cpu, y.cpu());
        MemorySegment b = bytes(cuda, y.cuda());
        assertEquals(-1, a.mismatch(b), message);
    }

    /** Compares floats: {@code |cuda − cpu| ≤ atol + rtol·|cpu|}, infinities and NaN alike. */
    void assertClose(Pair y, double rtol, double atol, String message) {
        float[] a = bytes(cpu, y.cpu()).toArray(ValueLayout.JAVA_FLOAT);
        float[] b = bytes(cuda, y.cuda()).toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < a.length; i++) {
            boolean equal = Float.compare(a[i], b[i]) == 0 || a[i] == b[i]
                    || Math.abs((double) b[i] - a[i]) <= atol + rtol * Math.abs((double) a[i]);
            if (!equal) {
                fail(message + ": element " + i + " expected " + a[i] + " got " + b[i]);
            }
        }
    }

    /**
     * Compares sums of products: each element within 2e-5 of the result's rms and one. Sums of up to a few thousand
     * terms in float32, in another order than the CPU's, which uses Winograd's transforms, err by 5e-6 of their rms,
     * and factors of up to 4 come on top.
     */
    void assertSums(Pair y, String message) {
        float[] want = bytes(cpu, y.cpu()).toArray(ValueLayout.JAVA_FLOAT);
        double sum = 0;
        for (float v : want) {
            sum += (double) v * v;
        }
        assertClose(y, 0, 2e-5 * (Math.sqrt(sum / Math.max(1, want.length)) + 1), message);
    }

    /** The whole buffer, so that a write beside the array shows. */
    private static MemorySegment bytes(Backend backend, NdArray array) {
        byte[] bytes = new byte[(int) array.buffer().bytes() / 4 * 4];
        MemorySegment host = MemorySegment.ofArray(new float[bytes.length / 4]);
        backend.download(array.buffer(), 0, host);
        return host;
    }

    /** What a number becomes when it is stored as the precision multiplies it. */
    static UnaryOperator<Float> rounding(Precision precision) {
        return switch (precision) {
            case F32 -> v -> v;
            case TF32 -> v -> Float.intBitsToFloat(Float.floatToRawIntBits(v) + 0x1000 & 0xffffe000);
            case F16 -> v -> Float.float16ToFloat(Float.floatToFloat16(v));
            case BF16 -> v -> Float.intBitsToFloat(Float.floatToRawIntBits(v) + 0x8000 & 0xffff0000);
        };
    }

    /** Euclidean. */
    static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    /** A dense array's elements, F32. */
    static float[] read(Backend backend, NdArray array) {
        float[] values = new float[(int) array.numel()];
        backend.download(array.buffer(), array.offset() * Float.BYTES, MemorySegment.ofArray(values));
        return values;
    }

    @Override
    public void close() {
        releases.forEach(Runnable::run);
        assertEquals(0, cuda.memory().buffers());
        cuda.close();
        cpu.close();
    }
}
