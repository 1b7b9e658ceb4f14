package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.driver.MatrixProduct;
import stylegan4j.kernels.cuda.driver.MatrixProduct.Operand;

/** Matrix products by the vendor's library, where there is one and the strides are such as it takes. */
final class VendorProduct {
    private final CudaContext cuda;

    VendorProduct(CudaContext cuda) {
        this.cuda = cuda;
    }

    /** Whether the product was done: {@code y[b] = a[b]·b[b]}. */
    boolean run(NdArray a, NdArray b, NdArray y) {
        Operand left = operand(a);
        Operand right = operand(b);
        if (cuda.matrices() == null || left == null || right == null || a.size(2) == 0) {
            return false;
        }
        long row = y.size(2);
        cuda.matrices().multiply(new MatrixProduct(a.size(1), b.size(2), a.size(2), a.size(0), DType.F32,
                cuda.precision(), left, right, new Operand(CudaBuffer.address(y), false, row, row * y.size(1))),
                cuda.stream());
        return true;
    }

    /** @return null if neither rows nor columns are dense */
    static Operand operand(NdArray x) {
        int rows = x.size(1);
        int columns = x.size(2);
        long row = rows == 1 ? columns : x.strides()[1];
        long column = columns == 1 ? 1 : x.strides()[2];
        if (column == 1 && row >= columns) {
            return new Operand(CudaBuffer.address(x), false, row, x.strides()[0]);
        }
        column = columns == 1 ? rows : x.strides()[2];
        row = rows == 1 ? 1 : x.strides()[1];
        return row == 1 && column >= rows ? new Operand(CudaBuffer.address(x), true, column, x.strides()[0]) : null;
    }
}
