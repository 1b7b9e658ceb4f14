package stylegan4j.kernels.cuda.jcuda;

import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.MatrixLibrary;
import stylegan4j.kernels.cuda.driver.MatrixProduct;

/** Matrix products by cuBLAS. Calls are serialised: a handle has one stream and one workspace at a time. */
final class JcudaMatrices implements MatrixLibrary {
    /** Given to cuBLAS, which would otherwise allocate in the middle of recordings; its own choice on large GPUs. */
    private static final long WORKSPACE = 32L << 20;

    private static final Pointer ONE = Address.of(1);
    private static final Pointer ZERO = Address.of(0);

    private final JcudaGpu gpu;
    private final String version;
    private final cublasHandle handle = new cublasHandle();
    private final long workspace;
    private GpuStream current;
    private boolean closed;

    JcudaMatrices(JcudaGpu gpu, String version) {
        this.gpu = gpu;
        this.version = "cuBLAS " + version;
        gpu.makeCurrent();
        gpu.status().cublas("cublasCreate", JCublas2.cublasCreate(handle));
        workspace = gpu.allocate(WORKSPACE);
    }

    @Override
    public String version() {
        return version;
    }

    /** Row-major matrices are the transposes of column-major ones: cuBLAS computes yᵀ = bᵀ·aᵀ. */
    @Override
    public synchronized void multiply(MatrixProduct p, GpuStream stream) {
        use(stream);
        int type = Elements.cublas(p.type());
        gpu.status().cublas("cublasGemmStridedBatchedEx(" + p.m() + "x" + p.k() + "x" + p.n() + ", " + p.batch() + ")",
                JCublas2.cublasGemmStridedBatchedEx_new(handle, operation(p.b()), operation(p.a()), p.n(), p.m(), p.k(),
                        ONE, new Address(p.b().pointer()), type, stride(p.b()), p.b().batchStride(),
                        new Address(p.a().pointer()), type, stride(p.a()), p.a().batchStride(),
                        ZERO, new Address(p.y().pointer()), type, stride(p.y()), p.y().batchStride(),
                        p.batch(), computeType(p), cublasGemmAlgo.CUBLAS_GEMM_DEFAULT));
    }

    private void use(GpuStream stream) {
        gpu.makeCurrent();
        if (current != stream) {
            gpu.status().cublas("cublasSetStream",
                    JCublas2.cublasSetStream(handle, ((JcudaStream) stream).runtimeHandle()));
            // A new stream puts cuBLAS's own workspace back in place.
            gpu.status().cublas("cublasSetWorkspace",
                    JCublas2.cublasSetWorkspace(handle, new Address(workspace), WORKSPACE));
            current = stream;
        }
    }

    private static int operation(MatrixProduct.Operand operand) {
        return operand.transposed() ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
    }

    private static int stride(MatrixProduct.Operand operand) {
        return Math.toIntExact(operand.stride());
    }

    private static int computeType(MatrixProduct p) {
        if (p.type() != DType.F32) {
            return cublasComputeType.CUBLAS_COMPUTE_32F;
        }
        return switch (p.precision()) {
            case F32 -> cublasComputeType.CUBLAS_COMPUTE_32F;
            case TF32 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32;
            case F16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16F;
            case BF16 -> cublasComputeType.CUBLAS_COMPUTE_32F_FAST_16BF;
        };
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.makeCurrent();
            gpu.status().cublas("cublasDestroy", JCublas2.cublasDestroy(handle));
            gpu.free(workspace);
        }
    }
}
