package stylegan4j.kernels.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JCuda's real natives, made for CUDA 12 and cuDNN 8, adapted to and bound with stand-ins of CUDA 13 and cuDNN 9: the
 * whole way from finding libraries to a kernel's numbers, without a GPU.
 */
class JcudaTest {
    @TempDir
    private static Path folder;

    private static Map<String, String> first;
    private static Map<String, String> second;
    private static Map<String, String> third;

    @BeforeAll
    static void runSeveralTimes() throws Exception {
        assumeTrue(StubCuda.compilerExists(), "no g++ here");
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
                "not Linux x86-64");
        StubCuda.build(folder);
        first = StubCuda.run(folder, JcudaProgram.class, "stylegan4j.cuda.sync=false");
        Path cache = folder.resolve("cache/kernels");
        try (var files = Files.list(cache)) {
            Path stored = files.filter(f -> f.getFileName().toString().startsWith("scale_cu")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(stored);
            bytes[bytes.length - 3] ^= 1;
            Files.write(stored, bytes);
        }
        second = StubCuda.run(folder, JcudaProgram.class, "stylegan4j.cuda.sync=true");
        Files.createFile(folder.resolve("cudnn-fails"));
        third = StubCuda.run(folder, JcudaProgram.class, "stylegan4j.cuda.sync=false");
    }

    @Test
    void findsAndAsksTheLibraries() {
        assertEquals("13.0", first.get("DRIVER"));
        assertEquals("13.0", first.get("NVRTC"));
        assertEquals("13.0.2", first.get("CUBLAS"));
        assertEquals("9.14.0", first.get("CUDNN"));
        assertEquals("GpuList[devices=[GpuInfo[index=0, name=Stub GPU, memory=1073741824, capability=9.0]], problem=null]",
                first.get("gpus"));
    }

    @Test
    void loadsAdaptedNativesFromThePrivateCacheOnly() {
        String cache = folder.resolve("cache/jcuda-12.6.0-nvrtc13-cublas13-cudnn9").toString();
        String[] natives = first.get("natives").split(" ");
        assertEquals(4, natives.length, first.get("natives"));
        for (String each : natives) {
            assertTrue(each.startsWith(cache), each);
        }
        assertTrue(!first.get("tmpdir").startsWith(cache), "java.io.tmpdir is put back");
    }

    @Test
    void readsProperties() {
        assertEquals("GpuProperties[name=Stub GPU, index=0, major=9, minor=0, multiprocessors=132, memory=1073741824, "
                + "sharedPerBlock=232448, l2Cache=52428800, driverVersion=13000]", first.get("properties"));
        assertEquals("536870912", first.get("free"));
        assertEquals("1.5", first.get("event"));
    }

    @Test
    void launchesKernelsWithOneStruct() {
        assertEquals("[10.0, 20.0, 30.0, 40.0, 5.0]", first.get("scaled"));
        assertEquals("[100.0, 200.0, 300.0, 400.0, 50.0]", first.get("scaled with much shared memory"));
    }

    @Test
    void replaysARecordingWithTheParametersOfItsTime() {
        assertEquals("[100.0, 200.0, 300.0, 400.0, 50.0]", first.get("recorded"));
        assertEquals("[10000.0, 20000.0, 30000.0, 40000.0, 50.0]", first.get("replayed twice"));
        assertEquals("[20000.0, 30000.0, 0.0, 0.0, 0.0]", first.get("copied"));
    }

    @Test
    void namesTheCallTheStatusAndTheKernel() {
        assertTrue(first.get("late failure").matches("GpuException: cuStreamSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS, "
                + "as the stub was told \\(last kernel: scale\\)"), first.get("late failure"));
        assertTrue(first.get("too much memory").startsWith("GpuOutOfMemoryException: cuMemAlloc(1099511627776 bytes): "
                + "CUDA_ERROR_OUT_OF_MEMORY"), first.get("too much memory"));
        assertTrue(first.get("too much shared memory").startsWith(
                "GpuException: cuFuncSetAttribute(scale, 307200 bytes of shared memory): CUDA_ERROR_INVALID_VALUE"),
                first.get("too much shared memory"));
        assertTrue(first.get("unknown kernel").startsWith(
                "GpuException: cuModuleGetFunction(nothing of scale.cu): CUDA_ERROR_NOT_FOUND"),
                first.get("unknown kernel"));
        assertEquals("GpuException: cuda:7: this machine has one GPU, cuda:0", first.get("no such GPU"));
    }

    @Test
    void waitsForEachKernelWhereAskedTo() {
        assertTrue(second.get("late failure").startsWith("GpuException: scale: CUDA_ERROR_ILLEGAL_ADDRESS"),
                second.get("late failure"));
        assertEquals(first.get("replayed twice"), second.get("replayed twice"));
    }

    @Test
    void showsTheCompilersMessages() {
        assertEquals("GpuException: broken.cu does not compile [--gpu-architecture=sm_90, --std=c++17, -DX=1]: "
                + "NVRTC_ERROR_COMPILATION | the stub's message", first.get("broken source"));
    }

    @Test
    void multipliesRowMajorMatrices() {
        // [1 2 3; 4 5 6]·[1 2; 3 4; 5 6], and the first two rows of b.
        assertEquals("[22.0, 28.0, 49.0, 64.0, 1.0, 2.0, 3.0, 4.0]", first.get("product"));
        // bᵀ·aᵀ of the first sample, into the first two of three columns.
        assertEquals("[22.0, 49.0, 0.0, 28.0, 64.0, 0.0]", first.get("transposed product"));
        assertEquals("cuBLAS 13.0.2", first.get("matrices"));
    }

    /** Two groups of one channel, a 2×1 kernel, one row of padding, every second column; numbers worked out by hand. */
    @Test
    void convolvesByTheFirstDeterministicAlgorithm() {
        assertEquals("true", first.get("supported"));
        assertEquals("[0.0, 4.0, 8.0, 14.0, 20.0, 26.0, 8.0, 10.0, 36.0, 42.0, 36.0, 40.0, 44.0, 48.0, -20.0, -22.0]",
                first.get("convolution"));
        assertEquals("cuDNN 9.14.0", first.get("convolutions"));
    }

    @Test
    void doesWithoutACudnnThatDoesNotStart() {
        assertEquals("none", third.get("convolutions"));
        assertEquals(first.get("product"), third.get("product"));
    }

    @Test
    void leavesConvolutionsThatCudnnRefusesToOthers() {
        assertEquals("false", first.get("refused"));
        assertEquals("false", first.get("without a result"));
    }

    @Test
    void differentiatesConvolutions() {
        // dx = Σ over the kernel's rows of w·y; for the first group rows r: 2·y[r] + 1·y[r+1].
        assertEquals("[8.0, 0.0, 22.0, 0.0, 36.0, 0.0, 54.0, 0.0, 48.0, 0.0, 62.0, 0.0, "
                + "72.0, 0.0, 86.0, 0.0, 64.0, 0.0, 72.0, 0.0, 152.0, 0.0, 166.0, 0.0]", first.get("input gradient"));
        // Of that dx, taken for x, and y.
        assertEquals("[3500.0, 3704.0, 5612.0, 26044.0]", first.get("weight gradient"));
    }

    @Test
    void compilesOnceAndAgainWhatWasDamaged() throws IOException {
        assertEquals(first.get("scaled"), second.get("scaled"));
        long scale = Files.readAllLines(folder.resolve("log")).stream()
                .filter(line -> line.equals("compile --gpu-architecture=sm_90 --std=c++17 -DX=1")).count();
        long plain = Files.readAllLines(folder.resolve("log")).stream()
                .filter(line -> line.equals("compile --gpu-architecture=sm_90 --std=c++17")).count();
        // Of two sources with -DX=1, the broken one is tried each time; of the kernels, one entry was damaged.
        assertEquals(2, scale + plain - 3 - 1, "scale " + scale + ", plain " + plain);
    }
}
