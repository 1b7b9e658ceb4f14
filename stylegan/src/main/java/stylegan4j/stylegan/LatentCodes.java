package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        if (base.rank() != 3 || !Arrays.equals(base.shape(), styles.shape())) {
            throw new IllegalArgumentException("mix: expected codes [N, num_ws, w_dim] of one shape, got "
                    + base.describe() + " and " + styles.describe());
        }
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
}
