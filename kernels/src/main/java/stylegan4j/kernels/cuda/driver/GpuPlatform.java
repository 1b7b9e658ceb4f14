package stylegan4j.kernels.cuda.driver;

/**
 * Everything that a CUDA backend stands on. Closing it closes its parts.
 *
 * @param matrices null where there is no library: the backend uses its own kernels
 * @param convolutions null where there is no library: the backend uses its own kernels
 */
public record GpuPlatform(Gpu gpu, KernelCompiler compiler, MatrixLibrary matrices, ConvolutionLibrary convolutions)
        implements AutoCloseable {
    @Override
    public void close() {
        if (convolutions != null) {
            convolutions.close();
        }
        if (matrices != null) {
            matrices.close();
        }
        compiler.close();
        gpu.close();
    }
}
