package stylegan4j.nn;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;
import stylegan4j.tensor.op.Standardization;

/** What normalising layers share. */
final class Normalization {
    /** {@code x·scale + shift} */
    static final Pointwise SCALED = Pointwise.of("scaled", 3, x -> x.get(0).mul(x.get(1)).add(x.get(2)));

    private Normalization() {
    }

    /** {@code (x − mean) / √(variance + epsilon)} over the last {@code dims} dimensions, with the biased variance. */
    static Tensor standardize(Tensor x, double epsilon, int dims) {
        int rows = 1;
        for (int d = 0; d < x.rank() - dims; d++) {
            rows *= x.size(d);
        }
        int length = 1;
        for (int d = x.rank() - dims; d < x.rank(); d++) {
            length *= x.size(d);
        }
        return Standardization.standardize(x.reshape(rows, length), epsilon).reshape(x.shape());
    }

    /** {@code x·weight + bias} along dimension 1; either may be null. */
    static Tensor scaleChannels(Tensor x, Tensor weight, Tensor bias) {
        if (weight != null && bias != null) {
            return SCALED.apply(x, alongChannels(weight, x.rank()), alongChannels(bias, x.rank()));
        }
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
