package stylegan4j.kernels.cuda.jcuda;

import jcuda.cudaDataType;
import jcuda.jcudnn.cudnnDataType;
import stylegan4j.kernels.DType;

/** Element types as cuBLAS and cuDNN number them. */
final class Elements {
    private Elements() {
    }

    /** @throws IllegalArgumentException if there are no matrix products of this type */
    static int cublas(DType type) {
        return switch (type) {
            case F32 -> cudaDataType.CUDA_R_32F;
            case F16 -> cudaDataType.CUDA_R_16F;
            case BF16 -> cudaDataType.CUDA_R_16BF;
            default -> throw new IllegalArgumentException("matrix product: no elements of type " + type);
        };
    }

    /** @throws IllegalArgumentException if there are no convolutions of this type */
    static int cudnn(DType type) {
        return switch (type) {
            case F32 -> cudnnDataType.CUDNN_DATA_FLOAT;
            case F16 -> cudnnDataType.CUDNN_DATA_HALF;
            case BF16 -> cudnnDataType.CUDNN_DATA_BFLOAT16;
            default -> throw new IllegalArgumentException("convolution: no elements of type " + type);
        };
    }
}
