package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcResult;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuOutOfMemoryException;

/**
 * The one place that looks at what CUDA's functions return. Kernels fail after they were launched, at whatever call
 * comes next: so every message names the last kernel too.
 */
final class Status {
    private volatile String lastKernel;

    /** Remembers the kernel that is launched now. */
    void launching(String kernel) {
        lastKernel = kernel;
    }

    /** @throws GpuException unless the driver's status is success */
    void driver(String call, int status) {
        if (status == CUresult.CUDA_SUCCESS) {
            return;
        }
        String[] text = {null};
        JCudaDriver.cuGetErrorString(status, text);
        String name = CUresult.stringFor(status) + (text[0] == null ? "" : ", " + text[0]);
        if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
            throw new GpuOutOfMemoryException(call + ": " + name);
        }
        throw failure(call, name);
    }

    void nvrtc(String call, int status) {
        if (status != nvrtcResult.NVRTC_SUCCESS) {
            throw new GpuException(call + ": " + JNvrtc.nvrtcGetErrorString(status));
        }
    }

    void cublas(String call, int status) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw failure(call, cublasStatus.stringFor(status));
        }
    }

    /** cuDNN 9 numbers its statuses anew, so the name is cuDNN's own. */
    void cudnn(String call, int status) {
        if (status != 0) {
            throw failure(call, JCudnn.cudnnGetErrorString(status));
        }
    }

    private GpuException failure(String call, String status) {
        return new GpuException(call + ": " + status + (lastKernel == null ? "" : " (last kernel: " + lastKernel + ")"));
    }
}
