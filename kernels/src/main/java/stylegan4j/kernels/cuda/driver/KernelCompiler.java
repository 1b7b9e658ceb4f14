package stylegan4j.kernels.cuda.driver;

import java.util.List;

/** Makes kernels for one device from CUDA C++; results are kept on disk by source, options and compiler version. */
public interface KernelCompiler extends AutoCloseable {
    /**
     * Compiles and loads a source that includes no other file of ours.
     *
     * @param name the source's name in messages, e.g. {@code elementwise.cu}
     * @param options further options, e.g. {@code -DTILE=128}; the architecture and the language are the compiler's own
     * @throws GpuException with the compiler's messages if the source has errors
     */
    KernelModule compile(String name, String source, List<String> options);

    @Override
    void close();
}
