package stylegan4j.stylegan.loss;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;

/** Distances by pixel values. */
public final class PixelDistance {
    /** From −1 to 1. */
    private static final double RANGE = 2;
    static final Pointwise SQUARED_DIFFERENCE = Pointwise.of("squared difference", (x, y) -> x.sub(y).square());

    private PixelDistance() {
    }

    /** Mean squared difference of each pair, [N, ...] → [N]. */
    public static Tensor l2(Tensor x, Tensor y) {
        if (!Arrays.equals(x.shape(), y.shape()) || x.rank() < 2) {
            throw new IllegalArgumentException("l2: expected two batches of one shape, got " + x.describe() + " and "
                    + y.describe());
        }
        return SQUARED_DIFFERENCE.apply(x, y).flatten(1, -1).mean(1);
    }

    /** Peak signal-to-noise ratio in dB of pictures in −1…1, [N, 3, H, W] → [N]; infinite for equal pictures. */
    public static Tensor psnr(Tensor x, Tensor y) {
        return l2(x, y).log().mul(-10 / Math.log(10)).add(20 * Math.log10(RANGE));
    }
}
