package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.LaunchSize;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;

/** The header that plays a grid: threads, barriers, warps, shared memory, element types. */
@SuppressWarnings("restricted") // device memory is plain addresses
@Execution(ExecutionMode.CONCURRENT)
class HostGridTest {
    private GpuPlatform platform;
    private GpuStream stream;
    private long memory;
    private MemorySegment host;

    @BeforeEach
    void open() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        platform = HostGpu.platform();
        stream = platform.gpu().createStream();
        memory = platform.gpu().allocate(1 << 20);
        host = MemorySegment.ofAddress(memory).reinterpret(1 << 20);
        host.fill((byte) 0);
    }

    @AfterEach
    void close() {
        if (platform != null) {
            platform.gpu().free(memory);
            platform.close();
        }
    }

    private void run(String body, int blocks, int threads, int shared) {
        String source = KernelSources.text("grid.cuh") + "struct Test { int* y; int n; };\n"
                + "KERNEL(test, Test, 1024) {\n" + body + "\n}\n";
        KernelFunction kernel = platform.compiler().compile("test.cu", source, List.of()).function("test");
        Params params = Params.start().pointer(memory).integer(threads);
        platform.gpu().launch(kernel, LaunchSize.of(blocks, threads).withShared(shared), params.finished(), stream);
    }

    private int[] ints(int n) {
        return host.asSlice(0, 4L * n).toArray(ValueLayout.JAVA_INT);
    }

    @Test
    void eachThreadRunsOnce() {
        run("atomicAdd(&p.y[global_thread()], static_cast<int>(global_thread() + 1));", 7, 33, 0);
        int[] y = ints(7 * 33 + 1);
        for (int i = 0; i < 7 * 33; i++) {
            assertEquals(i + 1, y[i]);
        }
        assertEquals(0, y[7 * 33]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 207, 1024})
    void barriersSeparateWritesFromReads(int threads) {
        String body = """
                __shared__ int tile[1024];
                int t = threadIdx.x;
                for (int round = 0; round < 3; round++) {
                    tile[t] = t + round;
                    __syncthreads();
                    p.y[blockIdx.x * p.n + t] += tile[(t + 1) % p.n];
                    __syncthreads();
                }
                """;
        run(body, 3, threads, 0);
        int[] y = ints(3 * threads);
        for (int i = 0; i < y.length; i++) {
            assertEquals(3 * ((i % threads + 1) % threads) + 3, y[i]);
        }
    }

    @Test
    void aMissingBarrierShows() {
        run("DYNAMIC_SHARED(int, tile); tile[threadIdx.x] = threadIdx.x; "
                + "p.y[global_thread()] = tile[(threadIdx.x + 1) % p.n];", 2, 64, 64 * 4);
        int[] y = ints(128);
        boolean wrong = false;
        for (int i = 0; i < y.length; i++) {
            wrong |= y[i] != (i % 64 + 1) % 64;
        }
        assertTrue(wrong);
    }

    @Test
    void warpsShuffle() {
        String body = """
                int t = threadIdx.x;
                int lane = t % 32;
                int sum = t;
                for (int step = 16; step > 0; step /= 2) {
                    sum += __shfl_xor_sync(FULL_WARP, sum, step);
                }
                int before = __shfl_up_sync(FULL_WARP, t, 1);
                int after = __shfl_down_sync(FULL_WARP, t, 2);
                int first = __shfl_sync(FULL_WARP, t, 0, 8);
                unsigned even = __ballot_sync(FULL_WARP, lane % 2 == 0);
                p.y[t] = sum;
                p.y[64 + t] = before * 10000 + after * 100 + first;
                p.y[128 + t] = static_cast<int>(even);
                """;
        run(body, 1, 64, 0);
        int[] y = ints(192);
        for (int t = 0; t < 64; t++) {
            int lane = t % 32;
            assertEquals(t < 32 ? 496 : 496 + 32 * 32, y[t]);
            int before = lane == 0 ? t : t - 1;
            int after = lane >= 30 ? t : t + 2;
            assertEquals(before * 10000 + after * 100 + t / 8 * 8, y[64 + t]);
            assertEquals(0x55555555, y[128 + t]);
        }
    }

    @Test
    void partOfAWarpExchanges() {
        run("int t = threadIdx.x; if (t % 32 < 8) { p.y[t] = __shfl_sync(0xffu, t, (t + 1) % 8); } __syncthreads();",
                1, 40, 0);
        int[] y = ints(40);
        for (int t = 0; t < 40; t++) {
            assertEquals(t % 32 < 8 ? t / 32 * 32 + (t + 1) % 8 : 0, y[t]);
        }
    }

    static List<Arguments> divergence() {
        return List.of(
                Arguments.of("if (threadIdx.x < 5) { __syncthreads(); }", "a barrier is not reached by all"),
                Arguments.of("if (threadIdx.x < 5) {\n__syncthreads();\n} else {\n__syncthreads();\n}",
                        "meet at different barriers"),
                Arguments.of("if (threadIdx.x < 5) { __syncwarp(); }", "a barrier is not reached by all"),
                Arguments.of("__syncwarp(threadIdx.x < 5 ? 0xffffu : FULL_WARP);", "meet at different operations"),
                Arguments.of("__syncwarp(1u);", "without being in its mask"));
    }

    @ParameterizedTest
    @MethodSource("divergence")
    void divergentBarriersAreTold(String body, String message) {
        GpuException e = assertThrows(GpuException.class, () -> run(body, 1, 32, 0));
        assertTrue(e.getMessage().startsWith("kernel test: ") && e.getMessage().contains(message), e.getMessage());
        run("p.y[threadIdx.x] = 1; __syncthreads();", 1, 32, 0); // and the next launch works
        assertEquals(1, ints(32)[31]);
    }

    @Test
    void launchesBeyondTheLimitsAreRefused() {
        assertThrows(GpuException.class, () -> run("", 1, 1025, 0));
        assertThrows(GpuException.class, () -> run("", 1, 32, 300 << 10));
        String source = KernelSources.text("grid.cuh") + "struct Test { int* y; int n; };\nKERNEL(test, Test, 1024) {}\n";
        KernelFunction kernel = platform.compiler().compile("test.cu", source, List.of()).function("test");
        Params params = Params.start().pointer(memory);
        assertThrows(GpuException.class,
                () -> platform.gpu().launch(kernel, LaunchSize.of(1, 1), params.finished(), stream));
        assertThrows(GpuException.class, () -> platform.compiler().compile("test.cu", source, List.of()).function("no"));
        assertThrows(GpuException.class, () -> platform.compiler().compile("bad.cu", "int f(", List.of()));
    }

    @Test
    void halfTypesRoundAsTheHostDoes() {
        String body = """
                float x = __int_as_float(p.y[threadIdx.x]);
                half_t h = from_float<half_t>(x);
                bfloat16_t b = from_float<bfloat16_t>(x);
                p.y[threadIdx.x] = h.bits | b.bits << 16;
                p.y[1024 + threadIdx.x] = __float_as_int(to_float(h));
                p.y[2048 + threadIdx.x] = __float_as_int(to_float(b));
                """;
        float[] values = {0, -0f, 1, 65504, 65520, 1e9f, 6e-8f, 3e-8f, 0.1f, 1.0009765f, -3.14159f,
            Float.POSITIVE_INFINITY, 1 + 0x1p-9f, 1 + 3 * 0x1p-9f};
        MemorySegment.copy(values, 0, host, ValueLayout.JAVA_FLOAT, 0, values.length);
        run(body, 1, values.length, 0);
        int[] y = ints(3072);
        for (int i = 0; i < values.length; i++) {
            short h = Float.floatToFloat16(values[i]);
            int bits = Float.floatToRawIntBits(values[i]);
            assertEquals(h, (short) y[i], "half of " + values[i]);
            assertEquals(bits + 0x7fff + (bits >>> 16 & 1) >>> 16, y[i] >>> 16, "bfloat16 of " + values[i]);
            assertEquals(Float.float16ToFloat(h), Float.intBitsToFloat(y[1024 + i]));
            assertEquals(y[i] & 0xffff0000, y[2048 + i]);
        }
    }

    @Test
    void parametersArriveWhereCPutsThem() {
        String source = KernelSources.text("grid.cuh") + """
                struct Test { int* y; int a[3]; float b; long long c; };
                KERNEL(test, Test, 1) {
                    p.y[0] = p.a[0]; p.y[1] = p.a[2]; p.y[2] = static_cast<int>(p.b); p.y[3] = static_cast<int>(p.c);
                }
                """;
        KernelFunction kernel = platform.compiler().compile("test.cu", source, List.of()).function("test");
        Params params = Params.start().pointer(memory).integers(new int[] {7, 8, 9}, 3).real(5).integer64(11);
        platform.gpu().launch(kernel, LaunchSize.of(1, 1), params.finished(), stream);
        assertArrayEquals(new int[] {7, 9, 5, 11}, ints(4));
    }
}
