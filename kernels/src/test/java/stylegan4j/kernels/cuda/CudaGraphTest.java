package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Recording;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.BothBackends.Pair;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;

/** Work that is recorded and run again. */
@Execution(ExecutionMode.CONCURRENT)
class CudaGraphTest {
    private BothBackends both;

    @BeforeEach
    void open() {
        both = new BothBackends();
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    private static void put(Backend backend, NdArray array, float... values) {
        backend.upload(MemorySegment.ofArray(values), array.buffer(), 0);
    }

    private static float[] get(Backend backend, NdArray array) {
        float[] values = new float[(int) array.numel()];
        backend.download(array.buffer(), 0, MemorySegment.ofArray(values));
        return values;
    }

    @Test
    void replaysReadWhatIsThereThen() {
        NdArray x = both.of(new float[] {1, 2, 3}, 3).cuda();
        NdArray y = both.empty(3).cuda();
        Backend cuda = both.cuda;
        put(cuda, y, 7, 7, 7);
        try (Recording graph = cuda.record(() -> {
            Buffer scratch = cuda.allocate(12);
            NdArray t = NdArray.contiguous(scratch, DType.F32, 3);
            put(cuda, t, 10, 20, 30); // kept with the recording
            cuda.binary(BinaryOp.ADD, x, t, t);
            cuda.unary(UnaryOp.AFFINE, t, 2, 0, y);
            cuda.release(scratch);
        })) {
            assertArrayEquals(new float[] {7, 7, 7}, get(cuda, y), "nothing runs while it is recorded");
            graph.replay();
            assertArrayEquals(new float[] {22, 44, 66}, get(cuda, y));
            put(cuda, x, 5, 5, 5);
            Buffer[] others = {cuda.allocate(12), cuda.allocate(12)}; // must not be the recording's memory
            for (Buffer other : others) {
                cuda.fill(NdArray.contiguous(other, DType.F32, 3), 99);
            }
            graph.replay();
            graph.replay();
            assertArrayEquals(new float[] {30, 50, 70}, get(cuda, y));
            for (Buffer other : others) {
                assertArrayEquals(new float[] {99, 99, 99}, get(cuda, NdArray.contiguous(other, DType.F32, 3)));
                cuda.release(other);
            }
        }
    }

    @Test
    void replaysLeaveMemoryFlat() {
        NdArray x = both.normal(1000).cuda();
        Backend cuda = both.cuda;
        try (Recording graph = cuda.record(() -> cuda.unary(UnaryOp.AFFINE, x, 0.5f, 1, x))) {
            graph.replay();
            long reserved = cuda.memory().reserved();
            for (int i = 0; i < 1000; i++) {
                graph.replay();
            }
            assertEquals(reserved, cuda.memory().reserved());
        }
        for (float v : get(cuda, x)) {
            assertEquals(2, v, 1e-6f);
        }
    }

    @Test
    void failuresLeaveTheBackendUsable() {
        NdArray x = both.of(new float[] {1}, 1).cuda();
        Backend cuda = both.cuda;
        IllegalStateException e = assertThrows(IllegalStateException.class,
                () -> cuda.record(() -> get(cuda, x)));
        assertTrue(e.getMessage().contains("cannot be read while work is recorded"), e.getMessage());
        assertThrows(IllegalStateException.class, () -> cuda.record(() -> cuda.record(() -> { })));
        cuda.unary(UnaryOp.AFFINE, x, 2, 1, x);
        assertArrayEquals(new float[] {3}, get(cuda, x));
        Recording graph = cuda.record(() -> cuda.fill(x, 8));
        graph.close();
        assertThrows(IllegalStateException.class, graph::replay);
        assertThrows(UnsupportedOperationException.class, () -> both.cpu.record(() -> { }));
    }

    /** A call that fails may spoil the recording, so that ending it fails too: the first failure is the one to see. */
    @Test
    void failuresNameTheirCause() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        Gpu host = new HostGpu(1 << 30);
        Gpu gpu = (Gpu) Proxy.newProxyInstance(Gpu.class.getClassLoader(), new Class<?>[] {Gpu.class},
                (_, method, arguments) -> {
                    Object result = method.invoke(host, arguments);
                    if (method.getName().equals("endCapture")) {
                        throw new GpuException("cuStreamEndCapture: CUDA_ERROR_STREAM_CAPTURE_INVALIDATED");
                    }
                    return result;
                });
        Backend cuda = new CudaBackend(new GpuPlatform(gpu, new HostCompiler(), null, null));
        GpuException e = assertThrows(GpuException.class, () -> cuda.record(() -> {
            throw new GpuException("the cause");
        }));
        assertEquals("the cause", e.getMessage());
        assertEquals(1, e.getSuppressed().length);
        cuda.close();
    }

    @Test
    void largeTransfersArriveWhole() {
        int n = (4 << 20) / 4 * 2 + 13; // two staging buffers and a bit
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        Pair x = both.of(values, n);
        both.assertSame(x, "upload and download");
    }
}
