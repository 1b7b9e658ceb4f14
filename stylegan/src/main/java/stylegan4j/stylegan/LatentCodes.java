package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** Operations on codes of W+ space, [N, num_ws, w_dim]. */
public final class LatentCodes {
    private LatentCodes() {
    }

    /**
     * Style mixing (arXiv 1812.04948, section 3.1): the codes of {@code base} with some layers' replaced.
     *
     * @param layers indices of the codes that come from {@code styles}
     * @throws IllegalArgumentException if shapes differ or an index is out of range
     */
    public static Tensor mix(Tensor base, Tensor styles, int... layers) {
        requireOneShape("mix", base, styles);
        boolean[] replaced = new boolean[base.size(1)];
        for (int layer : layers) {
            if (layer < 0 || layer >= replaced.length) {
                throw new IllegalArgumentException("mix: layer must be 0 to " + (replaced.length - 1) + ", got "
                        + layer);
            }
            replaced[layer] = true;
        }
        List<Tensor> runs = new ArrayList<>();
        for (int from = 0, to; from < replaced.length; from = to) {
            for (to = from + 1; to < replaced.length && replaced[to] == replaced[from]; to++) {
                continue;
            }
            runs.add((replaced[from] ? styles : base).slice(1, from, to));
        }
        return Views.concat(runs, 1);
    }

    /**
     * Style mixing with a weight (pixel2style2pixel, {@code scripts/style_mixing.py}): the chosen layers become
     * {@code alpha·styles + (1 − alpha)·base}.
     *
     * @throws IllegalArgumentException as {@link #mix(Tensor, Tensor, int...)}
     */
    public static Tensor mix(Tensor base, Tensor styles, double alpha, int... layers) {
        return alpha == 1 ? mix(base, styles, layers) : mix(base, morph(styles, base, alpha), layers);
    }

    /** Morphing (arXiv 1904.03189, section 5.1): {@code lambda·a + (1 − lambda)·b}. */
    public static Tensor morph(Tensor a, Tensor b, double lambda) {
        requireOneShape("morph", a, b);
        return a.mul(lambda).add(b.mul(1 - lambda));
    }

    /**
     * Style transfer (arXiv 1904.03189, section 5.2): the content's codes up to a layer, the style's from there on.
     *
     * @param from the first layer of the style, 0 … num_ws
     */
    public static Tensor styleTransfer(Tensor content, Tensor style, int from) {
        return mix(content, style, IntStream.range(from, content.size(1)).toArray());
    }

    /**
     * Expression transfer (arXiv 1904.03189, section 5.3): {@code target + lambda·(expressive − neutral)}, the last two
     * being codes of one other subject.
     */
    public static Tensor expressionTransfer(Tensor target, Tensor expressive, Tensor neutral, double lambda) {
        requireOneShape("expressionTransfer", target, expressive);
        requireOneShape("expressionTransfer", target, neutral);
        return target.add(expressive.sub(neutral).mul(lambda));
    }

    /**
     * Steps along a direction: {@code codes + distance·direction} for each distance.
     *
     * @param codes [N, ...]
     * @param direction of a shape that broadcasts to a code's
     * @return [N, distances, ...]
     */
    public static Tensor line(Tensor codes, Tensor direction, double... distances) {
        List<Tensor> steps = new ArrayList<>();
        for (double distance : distances) {
            steps.add(codes.add(direction.mul(distance)));
        }
        return Views.stack(steps, 1);
    }

    private static void requireOneShape(String operation, Tensor a, Tensor b) {
        if (a.rank() != 3 || !Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException(operation + ": expected codes [N, num_ws, w_dim] of one shape, got "
                    + a.describe() + " and " + b.describe());
        }
    }
}
