package stylegan4j.tensor.op;

import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/**
 * Insert zeros, pad or crop, filter, keep every n-th sample, for each channel (stylegan2-ada-pytorch,
 * {@code torch_utils/ops/upfirdn2d.py}). The filter is a constant; the gradient is another upfirdn2d.
 */
public final class Upfirdn2d {
    private Upfirdn2d() {
    }

    /**
     * x [N, C, H, W] → [N, C, oh, ow].
     *
     * @throws IllegalArgumentException if the filter is larger than the padded picture or crops leave nothing
     */
    public static Tensor upfirdn2d(Tensor x, Fir fir, Upfirdn geometry) {
        return upfirdn2d(x, fir, geometry, DType.F32);
    }

    /** @param type how the result is stored: F32 unless the device writes half types */
    static Tensor upfirdn2d(Tensor x, Fir fir, Upfirdn geometry, DType type) {
        Operands.rank("upfirdn2d", "x", x, 4);
        int height = geometry.outHeight(x.size(2), fir.height());
        int width = geometry.outWidth(x.size(3), fir.width());
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("upfirdn2d: a " + fir.height() + "x" + fir.width()
                    + " filter does not fit into x=" + Shapes.format(x.shape()) + " with " + geometry);
        }
        Tensor y = Tensor.allocate(type, x.size(0), x.size(1), height, width);
        y.backend().upfirdn2d(Views.contiguous(Operands.readable("upfirdn2d", x)).array(), fir, geometry, y.array());
        Upfirdn adjoint = adjoint(geometry, fir, x.size(2), x.size(3), height, width);
        return Node.record("upfirdn2d", y, x)
                .gradient((dy, node) -> new Tensor[] {upfirdn2d(dy, fir, adjoint)});
    }

    /** Twice (or {@code up} times) the size, brightness kept: {@code upsample2d} of the official code. */
    public static Tensor upsample2d(Tensor x, Fir fir, int up) {
        int before = fir.width() + up - 1;
        int after = fir.width() - up;
        int above = fir.height() + up - 1;
        int below = fir.height() - up;
        return upfirdn2d(x, fir.scaled(up * up), new Upfirdn(up, up, 1, 1, above / 2, Math.floorDiv(below, 2),
                before / 2, Math.floorDiv(after, 2), false));
    }

    /** Half (or a {@code down}-th of) the size: {@code downsample2d} of the official code. */
    public static Tensor downsample2d(Tensor x, Fir fir, int down) {
        int before = fir.width() - down + 1;
        int after = fir.width() - down;
        int above = fir.height() - down + 1;
        int below = fir.height() - down;
        return upfirdn2d(x, fir, new Upfirdn(1, 1, down, down, Math.floorDiv(above, 2), Math.floorDiv(below, 2),
                Math.floorDiv(before, 2), Math.floorDiv(after, 2), false));
    }

    /** The same size, filtered: {@code filter2d} of the official code. */
    public static Tensor filter2d(Tensor x, Fir fir) {
        return upfirdn2d(x, fir, new Upfirdn(1, 1, 1, 1, fir.height() / 2, (fir.height() - 1) / 2,
                fir.width() / 2, (fir.width() - 1) / 2, false));
    }

    /** What turns the gradient of {@code upfirdn2d(x, fir, geometry)} into that of x [N, C, height, width]. */
    static Tensor adjoint(Tensor dy, Fir fir, Upfirdn geometry, int height, int width) {
        return adjoint(dy, fir, geometry, height, width, DType.F32);
    }

    /** @param type as in {@link #upfirdn2d(Tensor, Fir, Upfirdn, DType)} */
    static Tensor adjoint(Tensor dy, Fir fir, Upfirdn geometry, int height, int width, DType type) {
        return upfirdn2d(dy, fir, adjoint(geometry, fir, height, width, dy.size(2), dy.size(3)), type);
    }

    private static Upfirdn adjoint(Upfirdn g, Fir fir, int height, int width, int outHeight, int outWidth) {
        return new Upfirdn(g.downY(), g.downX(), g.upY(), g.upX(),
                fir.height() - g.padY0() - 1, height * g.upY() - outHeight * g.downY() + g.padY0() - g.upY() + 1,
                fir.width() - g.padX0() - 1, width * g.upX() - outWidth * g.downX() + g.padX0() - g.upX() + 1,
                !g.correlate());
    }
}
