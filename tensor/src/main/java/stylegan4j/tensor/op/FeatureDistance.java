package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Recomputation;
import stylegan4j.tensor.Tensor;

/**
 * The heart of LPIPS (Zhang et al. 2018, arXiv 1801.03924, equation 1) in one pass over the features: unit length,
 * difference, weight, mean.
 */
public final class FeatureDistance {
    private FeatureDistance() {
    }

    /**
     * For each sample the mean over places of {@code Σ_c (scale_c·(unit(a)_c − unit(b)_c))²}, where
     * {@code unit(v) = v / √(Σ_c v_c² + epsilon)} at each place.
     *
     * @param a [N, C, H, W] or [1, C, H, W]
     * @param b as a
     * @param scale [C]: the square roots of LPIPS' weights
     * @return [N]
     * @throws IllegalArgumentException if shapes do not fit together
     */
    public static Tensor between(Tensor a, Tensor b, Tensor scale, double epsilon) {
        if (a.rank() == 4 && b.rank() == 4 && a.size(0) == 1 && b.size(0) != 1) {
            return between(b, a, scale, epsilon);
        }
        check(a, b, scale);
        Tensor x = Operands.dense("featureDistance", a);
        Tensor z = Operands.dense("featureDistance", b);
        Tensor s = Operands.dense("featureDistance", scale);
        Tensor y = Tensor.allocate(a.size(0));
        y.backend().featureDistance(x.array(), Operands.broadcast(z, a.shape()), s.array(), (float) epsilon,
                y.array());
        return Node.record("featureDistance", y, a, b, scale).saves(a, b, scale).gradient((dy, node) -> {
            if (Autograd.enabled() || node.needs(2)) {
                return Recomputation.gradients(node, new Tensor[] {a, b, scale},
                        t -> composite(t[0], t[1], t[2], epsilon), dy);
            }
            return new Tensor[] {node.needs(0) ? gradient(x, z, s, epsilon, dy, a.shape()) : null,
                    node.needs(1) ? Operands.sumTo(gradient(z, x, s, epsilon, dy, a.shape()), b.shape()) : null, null};
        });
    }

    private static Tensor gradient(Tensor a, Tensor b, Tensor scale, double epsilon, Tensor dy, int[] shape) {
        Tensor da = Tensor.allocate(shape);
        NdArray seed = Operands.dense("featureDistance", dy).array();
        da.backend().featureDistanceGradient(Operands.broadcast(a, shape), Operands.broadcast(b, shape),
                scale.array(), (float) epsilon, seed, da.array());
        return da;
    }

    /** The same made of plain operations: the reference, and the route of second derivatives. */
    public static Tensor composite(Tensor a, Tensor b, Tensor scale, double epsilon) {
        return unit(a, epsilon).sub(unit(b, epsilon)).mul(scale.reshape(1, -1, 1, 1)).square().sum(1)
                .mean(1, 2);
    }

    private static Tensor unit(Tensor x, double epsilon) {
        return x.mul(x.square().sumKeep(1).add(epsilon).rsqrt());
    }

    private static void check(Tensor a, Tensor b, Tensor scale) {
        Operands.rank("featureDistance", "a", a, 4);
        int[] one = a.shape().clone();
        one[0] = 1;
        if (!Arrays.equals(a.shape(), b.shape()) && !Arrays.equals(one, b.shape())) {
            throw new IllegalArgumentException("featureDistance: b must have a's shape or one sample of it, got "
                    + Operands.shapes(a, b));
        }
        if (scale.rank() != 1 || scale.size(0) != a.size(1)) {
            throw new IllegalArgumentException("featureDistance: scale must be [" + a.size(1) + "], got "
                    + scale.describe());
        }
    }
}
