package stylegan4j.kernels.cuda.jcuda;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.KernelSources;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.library.CudaInstallation;
import stylegan4j.kernels.cuda.library.CudaLibrary;
import stylegan4j.kernels.cuda.library.JcudaNatives;

/** What can be asked of CUDA's libraries without a GPU; prints the answers. */
final class LibrariesOfThisMachine {
    private LibrariesOfThisMachine() {
    }

    public static void main(String[] args) throws IOException, URISyntaxException {
        CudaInstallation installation = CudaInstallation.ofMachine();
        JcudaNatives.load(installation);
        say("cuBLAS", cublasStatus.stringFor(JCublas2.cublasCreate(new cublasHandle())));
        if (installation.library(CudaLibrary.CUDNN).isPresent()) {
            say("cuDNN", JCudnn.cudnnGetErrorString(JCudnn.cudnnCreate(new cudnnHandle())));
            var problem = new ConvolutionProblem(1, 2, 3, 4, 2, 3, 3, ConvGeometry.of(1, 1).withGroups(2), DType.F32,
                    Precision.TF32);
            for (CudnnPlan.Direction direction : CudnnPlan.Direction.values()) {
                new CudnnPlan(new cudnnHandle(), new Status(), direction, problem).close();
            }
        }
        compile();
    }

    private static void compile() throws IOException, URISyntaxException {
        Nvrtc nvrtc = new Nvrtc(new Status());
        List<String> compiled = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (String source : sources()) {
            try {
                nvrtc.compile(source, KernelSources.text(source), nvrtc.target(90), List.of());
                compiled.add(source);
            } catch (GpuException e) {
                failed.add(e.getMessage());
            }
        }
        say("compiled", String.join(" ", compiled));
        say("failed", String.join(" ", failed));
    }

    private static List<String> sources() throws IOException, URISyntaxException {
        URI folder = KernelSources.class.getResource("/stylegan4j/cuda/grid.cuh").toURI();
        try (Stream<Path> files = Files.list(Path.of(folder).getParent())) {
            return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".cu")).sorted().toList();
        }
    }

    private static void say(String key, String value) {
        System.out.println(key + "=" + value.replace("\n", " | "));
    }
}
