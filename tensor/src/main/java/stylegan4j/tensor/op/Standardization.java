package stylegan4j.tensor.op;

import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Recomputation;
import stylegan4j.tensor.Tensor;

/** What instance, group and layer normalisation do to values that share a mean, in one pass where a device has it. */
public final class Standardization {
    /** Of dL/dy and its mean, of the result and the share of dL/dy along it, and of the rows' factors. */
    private static final Pointwise GRADIENT = Pointwise.of("standardizeGradient", 5,
            x -> x.get(0).sub(x.get(1)).sub(x.get(2).mul(x.get(3))).mul(x.get(4)));

    private Standardization() {
    }

    /**
     * {@code (x − mean) / √(variance + epsilon)} of each row, with the biased variance.
     *
     * @param x [rows, n]
     * @return [rows, n]
     */
    public static Tensor standardize(Tensor x, double epsilon) {
        Operands.rank("standardize", "x", x, 2);
        if (x.numel() == 0) {
            return composite(x, epsilon);
        }
        Tensor in = Operands.dense("standardize", x);
        Tensor y = Tensor.allocate(x.shape());
        Tensor r = Tensor.allocate(x.size(0), 1);
        y.backend().standardize(in.array(), (float) epsilon, y.array(), r.array());
        return Node.record("standardize", y, in).saves(in, r).savesOutput().gradient((dy, node) -> {
            if (Autograd.enabled()) {
                return Recomputation.gradients(node, new Tensor[] {in}, t -> composite(t[0], epsilon), dy);
            }
            Tensor z = node.output();
            Tensor along = Reductions.sumOfProducts(dy, z, true, 1).mul(1.0 / x.size(1));
            return new Tensor[] {GRADIENT.apply(dy, dy.meanKeep(1), z, along, r)};
        });
    }

    /** The same made of plain operations: the reference, and the route of second derivatives. */
    public static Tensor composite(Tensor x, double epsilon) {
        Tensor centred = x.sub(x.meanKeep(1));
        return centred.mul(centred.square().meanKeep(1).add(epsilon).rsqrt());
    }
}
