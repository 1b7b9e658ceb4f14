package stylegan4j.nn;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;

/** What normalising layers share. */
final class Normalization {
    private Normalization() {
    }

    /** {@code (x − mean) / √(variance + epsilon)} over {@code dims}, with the biased variance. */
    static Tensor standardize(Tensor x, double epsilon, int... dims) {
        Tensor centred = x.sub(x.meanKeep(dims));
        return centred.mul(centred.square().meanKeep(dims).add(epsilon).rsqrt());
    }

    /** {@code x·weight + bias} along dimension 1; either may be null. */
    static Tensor scaleChannels(Tensor x, Tensor weight, Tensor bias) {
        Tensor scaled = weight == null ? x : x.mul(alongChannels(weight, x.rank()));
        return bias == null ? scaled : scaled.add(alongChannels(bias, x.rank()));
    }

    /** [C] → [1, C, 1, …] */
    static Tensor alongChannels(Tensor values, int rank) {
        int[] shape = new int[rank];
        Arrays.fill(shape, 1);
        shape[1] = values.size(0);
        return values.reshape(shape);
    }

    static void requireChannels(String op, Tensor x, int leastRank, int channels) {
        if (x.rank() < leastRank || x.size(1) != channels) {
            throw new IllegalArgumentException(op + ": expected " + channels + " channels in dimension 1 and rank "
                    + leastRank + " or more, got " + x.describe());
        }
    }
}
