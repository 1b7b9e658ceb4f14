// cuBLAS 13 for column-major matrices of floats in host memory.
#include <cstddef>

extern "C" {
int cublasCreate_v2(void** handle) { *handle = handle; return 0; }
int cublasDestroy_v2(void*) { return 0; }
int cublasGetProperty(int which, int* value) { *value = which == 0 ? 13 : which == 1 ? 0 : 2; return 0; }
int cublasSetStream_v2(void*, void*) { return 0; }
int cublasSetWorkspace_v2(void*, void*, size_t) { return 0; }
int cublasGemmStridedBatchedEx(void*, int opA, int opB, int m, int n, int k, const void* alpha, const void* a, int typeA,
                               int lda, long long strideA, const void* b, int typeB, int ldb, long long strideB,
                               const void* beta, void* c, int typeC, int ldc, long long strideC, int batch, int compute,
                               int algorithm) {
    if (typeA != 0 || typeB != 0 || typeC != 0 || compute != 68 || algorithm != -1) {
        return 7;
    }
    for (int s = 0; s < batch; s++) {
        const float* pa = static_cast<const float*>(a) + s * strideA;
        const float* pb = static_cast<const float*>(b) + s * strideB;
        float* pc = static_cast<float*>(c) + s * strideC;
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                float sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += (opA == 0 ? pa[i + (long) l * lda] : pa[l + (long) i * lda])
                            * (opB == 0 ? pb[l + (long) j * ldb] : pb[j + (long) l * ldb]);
                }
                float& y = pc[i + (long) j * ldc];
                y = *static_cast<const float*>(alpha) * sum + (*static_cast<const float*>(beta) == 0 ? 0 : y);
            }
        }
    }
    return 0;
}
}
