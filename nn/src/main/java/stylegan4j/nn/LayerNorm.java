package stylegan4j.nn;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;

/** Normalises over the last dimensions (Ba et al. 2016; torch.nn.LayerNorm). */
public final class LayerNorm extends Module implements Layer {
    private static final double EPSILON = 1e-5;

    private final int[] shape;
    private final Tensor weight;
    private final Tensor bias;

    /** @param shape the sizes of the last dimensions */
    public LayerNorm(int... shape) {
        this.shape = shape.clone();
        this.weight = parameter("weight", Tensor.ones(shape));
        this.bias = parameter("bias", Tensor.zeros(shape));
    }

    /** x [..., shape] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        int first = x.rank() - shape.length;
        if (first < 0 || !Arrays.equals(Arrays.copyOfRange(x.shape(), first, x.rank()), shape)) {
            throw new IllegalArgumentException("layerNorm: last dimensions expected " + Arrays.toString(shape)
                    + ", got " + x.describe());
        }
        return Normalization.SCALED.apply(Normalization.standardize(x, EPSILON, shape.length), weight, bias);
    }
}
