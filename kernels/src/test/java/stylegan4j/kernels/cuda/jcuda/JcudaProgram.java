package stylegan4j.kernels.cuda.jcuda;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuGraph;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.LaunchSize;
import stylegan4j.kernels.cuda.driver.MatrixProduct;
import stylegan4j.kernels.cuda.library.CudaInstallation;
import stylegan4j.kernels.cuda.library.CudaLibrary;

/** Calls everything that JCuda is used for, and prints what came of it. */
final class JcudaProgram {
    private static final String SCALE = """
            struct Params { float* x; int n; float factor; };
            extern "C" void host_scale(unsigned grid, unsigned, unsigned, unsigned block, unsigned, unsigned,
                                       unsigned long shared, const void* params) {
                const Params& p = *static_cast<const Params*>(params);
                for (int i = 0; i < p.n && i < (int) (grid * block); i++) {
                    p.x[i] *= p.factor;
                }
            }
            """;

    private final GpuPlatform platform = JcudaPlatform.open(0);
    private final Gpu gpu = platform.gpu();
    private final GpuStream stream = gpu.createStream();

    private JcudaProgram() {
    }

    public static void main(String[] args) throws IOException {
        CudaInstallation installation = CudaInstallation.ofMachine();
        for (CudaLibrary library : CudaLibrary.values()) {
            say(library.name(), installation.library(library).map(l -> l.version()).orElse("none"));
        }
        say("gpus", installation.gpus());
        new JcudaProgram().run();
        say("natives", Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("libJ") && line.contains("12.6.0"))
                .map(line -> line.substring(line.indexOf('/'))).distinct().sorted().collect(Collectors.joining(" ")));
        say("tmpdir", System.getProperty("java.io.tmpdir"));
    }

    private static void say(String key, Object value) {
        System.out.println(key + "=" + value.toString().replace("\n", " | "));
    }

    private static void sayFailure(String key, Runnable body) {
        try {
            body.run();
            say(key, "no failure");
        } catch (GpuException e) {
            say(key, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void run() {
        say("properties", gpu.properties());
        say("free", gpu.freeMemory());
        kernels();
        sayFailure("unknown kernel", () -> platform.compiler().compile("scale.cu", SCALE, List.of()).function("nothing"));
        sayFailure("broken source", () -> platform.compiler().compile("broken.cu", "no C++", List.of("-DX=1")));
        sayFailure("too much memory", () -> gpu.allocate(1L << 40));
        sayFailure("no such GPU", () -> JcudaPlatform.open(7));
        matrices();
        if (platform.convolutions() == null) {
            say("convolutions", "none");
        } else {
            convolutions();
        }
        say("event", gpu.milliseconds(gpu.createEvent(), gpu.createEvent()));
        stream.close();
        platform.close();
    }

    private void kernels() {
        KernelFunction scale = platform.compiler().compile("scale.cu", SCALE, List.of("-DX=1")).function("scale");
        long x = upload(1, 2, 3, 4, 5);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment params = arena.allocate(4096);
            params.set(ValueLayout.JAVA_LONG, 0, x);
            params.set(ValueLayout.JAVA_INT, 8, 5);
            params.set(ValueLayout.JAVA_FLOAT, 12, 10);
            gpu.launch(scale, LaunchSize.of(1, 4), params, stream);
            say("scaled", download(x, 5));
            gpu.launch(scale, LaunchSize.of(1, 8).withShared(100 * 1024), params, stream);
            say("scaled with much shared memory", download(x, 5));
            sayFailure("too much shared memory",
                    () -> gpu.launch(scale, LaunchSize.of(1, 8).withShared(300 * 1024), params, stream));
            gpu.beginCapture(stream);
            gpu.launch(scale, LaunchSize.of(1, 4), params, stream);
            params.set(ValueLayout.JAVA_FLOAT, 12, -1);
            gpu.launch(scale, LaunchSize.of(1, 1), params, stream);
            try (GpuGraph graph = gpu.endCapture(stream)) {
                say("recorded", download(x, 5));
                gpu.launch(graph, stream);
                gpu.launch(graph, stream);
                say("replayed twice", download(x, 5));
            }
            sayFailure("late failure", () -> {
                gpu.launch(scale, LaunchSize.of(666, 1), params, stream);
                gpu.synchronize(stream);
            });
        }
        long y = upload(0, 0, 0, 0, 0);
        gpu.copy(x + 4, y, 8, stream);
        say("copied", download(y, 5));
        gpu.free(x);
        gpu.free(y);
    }

    private void matrices() {
        // a [2, 3] · b [3, 2], two samples; then both transposed where they lie, into rows of 3.
        long a = upload(1, 2, 3, 4, 5, 6, 1, 0, 0, 0, 1, 0);
        long b = upload(1, 2, 3, 4, 5, 6);
        long y = upload(new float[8]);
        platform.matrices().multiply(new MatrixProduct(2, 2, 3, 2, DType.F32, Precision.F32,
                new MatrixProduct.Operand(a, false, 3, 6), new MatrixProduct.Operand(b, false, 2, 0),
                new MatrixProduct.Operand(y, false, 2, 4)), stream);
        say("product", download(y, 8));
        long wide = upload(new float[6]);
        platform.matrices().multiply(new MatrixProduct(2, 2, 3, 1, DType.F32, Precision.F32,
                new MatrixProduct.Operand(b, true, 2, 0), new MatrixProduct.Operand(a, true, 3, 0),
                new MatrixProduct.Operand(wide, false, 3, 0)), stream);
        say("transposed product", download(wide, 6));
        say("matrices", platform.matrices().version());
    }

    private void convolutions() {
        ConvolutionProblem problem = new ConvolutionProblem(1, 2, 3, 4, 2, 2, 1, new ConvGeometry(1, 2, 1, 0, 1, 1, 2),
                DType.F32, Precision.F32);
        long x = upload(counting(24));
        long w = upload(1, 2, -1, 3);
        long y = upload(new float[16]);
        long scratch = gpu.allocate(64);
        say("supported", platform.convolutions().supports(problem));
        platform.convolutions().forward(problem, x, w, y, _ -> scratch, stream);
        say("convolution", download(y, 16));
        platform.convolutions().inputGradient(problem, y, w, x, _ -> scratch, stream);
        say("input gradient", download(x, 24));
        platform.convolutions().weightGradient(problem, x, y, w, _ -> scratch, stream);
        say("weight gradient", download(w, 4));
        say("convolutions", platform.convolutions().version());
        say("refused", platform.convolutions().supports(new ConvolutionProblem(666, 2, 3, 4, 2, 2, 1,
                new ConvGeometry(1, 2, 1, 0, 1, 1, 2), DType.F32, Precision.F32)));
        say("without a result", platform.convolutions().supports(new ConvolutionProblem(1, 2, 3, 4, 2, 6, 1,
                new ConvGeometry(1, 2, 1, 0, 1, 1, 2), DType.F32, Precision.F32)));
    }

    private static float[] counting(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i;
        }
        return values;
    }

    private long upload(float... values) {
        MemorySegment host = gpu.allocatePinned(4L * values.length);
        host.copyFrom(MemorySegment.ofArray(values));
        long pointer = gpu.allocate(host.byteSize());
        gpu.upload(host, pointer, stream);
        gpu.synchronize(stream);
        gpu.freePinned(host);
        return pointer;
    }

    private String download(long pointer, int length) {
        MemorySegment host = gpu.allocatePinned(4L * length);
        gpu.download(pointer, host, stream);
        gpu.synchronize(stream);
        return Arrays.toString(host.toArray(ValueLayout.JAVA_FLOAT));
    }
}
