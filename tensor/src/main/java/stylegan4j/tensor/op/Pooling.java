package stylegan4j.tensor.op;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Largest values in windows. Averages are linear maps: see {@link Interpolation}. */
public final class Pooling {
    private Pooling() {
    }

    /** x [N, C, H, W] → [N, C, oh, ow]; the padding counts as −∞. The gradient goes to the first of equals. */
    public static Tensor maxPool2d(Tensor x, int kernel, int stride, int pad) {
        Operands.rank("maxPool2d", "x", x, 4);
        ConvGeometry geometry = ConvGeometry.of(stride, pad);
        int height = geometry.outHeight(x.size(2), kernel);
        int width = geometry.outWidth(x.size(3), kernel);
        if (height < 1 || width < 1 || 2 * pad > kernel) {
            throw new IllegalArgumentException("maxPool2d: kernel " + kernel + " with padding " + pad
                    + " does not fit x=" + Shapes.format(x.shape()));
        }
        int[] shape = {x.size(0), x.size(1), height, width};
        Tensor values = Tensor.allocate(x.size(0), x.size(1), height * width);
        Tensor indices = Tensor.allocate(DType.I32, values.shape());
        values.backend().maxPool2d(Operands.dense("maxPool2d", x).array(), geometry, kernel, kernel,
                values.reshape(shape).array(), indices.reshape(shape).array());
        if (!x.requiresGrad()) {
            return values.reshape(shape);
        }
        return Indexing.picked(values, x.reshape(x.size(0), x.size(1), -1), 2, indices).reshape(shape);
    }
}
