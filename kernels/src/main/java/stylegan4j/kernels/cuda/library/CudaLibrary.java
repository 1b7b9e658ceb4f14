package stylegan4j.kernels.cuda.library;

import java.util.List;

/** The libraries that the CUDA backend needs of a machine, with the major versions it can work with, newest first. */
public enum CudaLibrary {
    DRIVER("libcuda", "NVIDIA driver", 1),
    NVRTC("libnvrtc", "NVRTC", 13, 12),
    CUBLAS("libcublas", "cuBLAS", 13, 12),
    CUDNN("libcudnn", "cuDNN", 9, 8);

    private final String stem;
    private final String title;
    private final List<Integer> majors;

    CudaLibrary(String stem, String title, Integer... majors) {
        this.stem = stem;
        this.title = title;
        this.majors = List.of(majors);
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    /** Major versions of the library that can be used, newest first. */
    public List<Integer> majors() {
        return majors;
    }

    /** The name under which the system's loader knows a major version: {@code libcublas.so.13}. */
    public String soname(int major) {
        return stem + ".so." + major;
    }
}
