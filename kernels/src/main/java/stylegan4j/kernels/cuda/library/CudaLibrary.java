package stylegan4j.kernels.cuda.library;

import java.util.List;

/** The libraries that the CUDA backend needs of a machine, with the major versions it can work with, newest first. */
public enum CudaLibrary {
    DRIVER("libcuda", "NVIDIA driver",
            "install NVIDIA's driver: 525 or newer for CUDA 12, 580 or newer for CUDA 13", 1),
    NVRTC("libnvrtc", "NVRTC", toolkit("nvidia-cuda-nvrtc", "nvidia-cuda-nvrtc-cu12"), 13, 12),
    CUBLAS("libcublas", "cuBLAS", toolkit("nvidia-cublas", "nvidia-cublas-cu12"), 13, 12),
    CUDNN("libcudnn", "cuDNN", "optional, for plain convolutions: install cuDNN 8 or 9, or 'pip install "
            + "nvidia-cudnn-cu13' (nvidia-cudnn-cu12 for CUDA 12), or name its folder in STYLEGAN4J_CUDA", 9, 8);

    private final String stem;
    private final String title;
    private final String remedy;
    private final List<Integer> majors;

    CudaLibrary(String stem, String title, String remedy, Integer... majors) {
        this.stem = stem;
        this.title = title;
        this.remedy = remedy;
        this.majors = List.of(majors);
    }

    /** What people call it. */
    public String title() {
        return title;
    }

    /** How to get it. */
    public String remedy() {
        return remedy;
    }

    private static String toolkit(String cuda13, String cuda12) {
        return "install the CUDA toolkit 12 or 13, or 'pip install " + cuda13 + "' (" + cuda12
                + " for CUDA 12), or name its folder in STYLEGAN4J_CUDA";
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
