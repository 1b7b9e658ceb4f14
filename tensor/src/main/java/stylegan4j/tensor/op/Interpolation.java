package stylegan4j.tensor.op;

import java.util.function.IntFunction;
import stylegan4j.kernels.LinearMap;
import stylegan4j.tensor.Resampling;
import stylegan4j.tensor.Tensor;

/**
 * Resizing, averaging and padding pictures [N, C, H, W] as PyTorch's functions of these names do. All are linear maps,
 * one along the rows and one along the columns: see {@link Resampling}.
 */
public final class Interpolation {
    /** The modes of {@code F.interpolate} for pictures. */
    public enum Mode { NEAREST, NEAREST_EXACT, BILINEAR, BICUBIC, AREA }

    /** What lies beyond the edge: copies of the outermost pixels, or the picture mirrored at them. */
    public enum Border { REPLICATE, REFLECT }

    private Interpolation() {
    }

    /** {@code F.interpolate(x, (height, width), mode)}, corners not aligned, no antialiasing. */
    public static Tensor interpolate(Tensor x, int height, int width, Mode mode) {
        return interpolate(x, height, width, mode, false, false);
    }

    /**
     * {@code F.interpolate} to a given size.
     *
     * @param x [N, C, H, W]
     * @param alignCorners whether the outermost pixels' centres stay where they are; bilinear and bicubic only
     * @param antialias whether filters widen when the picture shrinks; bilinear and bicubic only
     * @return [N, C, height, width]
     * @throws IllegalArgumentException if a size is below one or the mode lacks an option that is asked for
     */
    public static Tensor interpolate(Tensor x, int height, int width, Mode mode, boolean alignCorners,
                                     boolean antialias) {
        if ((alignCorners || antialias) && mode != Mode.BILINEAR && mode != Mode.BICUBIC) {
            throw new IllegalArgumentException("interpolate: mode " + mode
                    + " neither aligns corners nor antialiases");
        }
        return apply("interpolate", x, inputs -> map(inputs, height, mode, alignCorners, antialias),
                inputs -> map(inputs, width, mode, alignCorners, antialias));
    }

    private static LinearMap map(int inputs, int outputs, Mode mode, boolean alignCorners, boolean antialias) {
        return switch (mode) {
            case NEAREST -> Resampling.nearest(inputs, outputs);
            case NEAREST_EXACT -> Resampling.nearestExact(inputs, outputs);
            case AREA -> Resampling.area(inputs, outputs);
            case BILINEAR -> antialias ? Resampling.linearAntialiased(inputs, outputs, alignCorners)
                    : Resampling.linear(inputs, outputs, alignCorners);
            case BICUBIC -> antialias ? Resampling.cubicAntialiased(inputs, outputs, alignCorners)
                    : Resampling.cubic(inputs, outputs, alignCorners);
        };
    }

    /** Means over a grid of height × width windows that cover x [N, C, H, W] evenly → [N, C, height, width]. */
    public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
        return apply("adaptiveAvgPool2d", x, inputs -> Resampling.area(inputs, height),
                inputs -> Resampling.area(inputs, width));
    }

    /** {@link #avgPool2d(Tensor, int, int, int, boolean)} with the zeros counted, PyTorch's default. */
    public static Tensor avgPool2d(Tensor x, int kernel, int stride, int pad) {
        return avgPool2d(x, kernel, stride, pad, true);
    }

    /**
     * Means over square windows: x [N, C, H, W] → [N, C, (H + 2·pad − kernel)/stride + 1, …].
     *
     * @param pad zeros on each side, at most half the kernel
     * @param countIncludePad whether those zeros count in the mean
     */
    public static Tensor avgPool2d(Tensor x, int kernel, int stride, int pad, boolean countIncludePad) {
        IntFunction<LinearMap> map = inputs -> Resampling.averagePool(inputs, kernel, stride, pad, countIncludePad);
        return apply("avgPool2d", x, map, map);
    }

    /** {@code F.pad} with a constant around x [N, C, H, W]; negative numbers of pixels crop. */
    public static Tensor pad(Tensor x, int left, int right, int top, int bottom, double value) {
        Tensor padded = zeroPad(x, left, right, top, bottom);
        if (value == 0) {
            return padded;
        }
        // Inside, x + 0·value is x exactly.
        Tensor inside = zeroPad(Tensor.ones(1, 1, x.size(2), x.size(3)), left, right, top, bottom);
        return padded.add(Elementwise.affine(inside, -value, value));
    }

    private static Tensor zeroPad(Tensor x, int left, int right, int top, int bottom) {
        return apply("pad", x, inputs -> Resampling.zeroPad(inputs, top, bottom),
                inputs -> Resampling.zeroPad(inputs, left, right));
    }

    /**
     * {@code F.pad} with what the picture x [N, C, H, W] holds at its border; negative numbers of pixels crop.
     *
     * @throws IllegalArgumentException if a reflection is asked for that is as wide as the picture
     */
    public static Tensor pad(Tensor x, int left, int right, int top, int bottom, Border border) {
        return apply("pad", x, inputs -> border(inputs, top, bottom, border),
                inputs -> border(inputs, left, right, border));
    }

    private static LinearMap border(int inputs, int before, int after, Border border) {
        return switch (border) {
            case REPLICATE -> Resampling.replicationPad(inputs, before, after);
            case REFLECT -> Resampling.reflectionPad(inputs, before, after);
        };
    }

    /** The dimension that shrinks more goes first, so that less is left for the other; identities are left out. */
    private static Tensor apply(String op, Tensor x, IntFunction<LinearMap> ofRows, IntFunction<LinearMap> ofColumns) {
        Operands.rank(op, "x", x, 4);
        LinearMap rows = ofRows.apply(x.size(2));
        LinearMap columns = ofColumns.apply(x.size(3));
        boolean rowsFirst = (long) rows.outputs() * columns.inputs() <= (long) columns.outputs() * rows.inputs();
        return rowsFirst ? apply(apply(x, 2, rows), 3, columns) : apply(apply(x, 3, columns), 2, rows);
    }

    private static Tensor apply(Tensor x, int dim, LinearMap map) {
        return isIdentity(map) ? x : LinearMaps.apply(x, dim, map);
    }

    private static boolean isIdentity(LinearMap map) {
        boolean identity = map.inputs() == map.outputs() && map.columns().length == map.inputs();
        for (int i = 0; identity && i < map.inputs(); i++) {
            identity = map.starts()[i] == i && map.columns()[i] == i && map.weights()[i] == 1;
        }
        return identity;
    }
}
