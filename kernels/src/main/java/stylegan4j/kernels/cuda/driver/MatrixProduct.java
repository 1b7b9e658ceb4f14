package stylegan4j.kernels.cuda.driver;

import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;

/**
 * A batch of row-major products {@code y[b] = a[b]·b[b]}, [m, k] · [k, n] → [m, n], with sums in binary32.
 *
 * @param type element type of a, b and y
 * @param precision how {@code F32} elements may be multiplied
 * @param a element (i, l) of the first matrix is at {@code l + i·stride}, or {@code i + l·stride} when transposed
 * @param b as {@code a}, with (l, j)
 * @param y never transposed
 */
public record MatrixProduct(int m, int n, int k, int batch, DType type, Precision precision, Operand a, Operand b,
                            Operand y) {
    /**
     * A matrix of each sample.
     *
     * @param pointer first element
     * @param stride elements between rows (between columns when transposed)
     * @param batchStride elements between samples; 0 where all share one matrix
     */
    public record Operand(long pointer, boolean transposed, long stride, long batchStride) {
    }
}
