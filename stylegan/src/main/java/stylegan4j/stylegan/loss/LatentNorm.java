package stylegan4j.stylegan.loss;

import stylegan4j.tensor.Tensor;

/** Keeps codes near the average (eladrich/pixel2style2pixel, {@code criteria/w_norm.py}). */
public final class LatentNorm {
    private LatentNorm() {
    }

    /**
     * The mean over the batch of the norm of each whole code.
     *
     * @param codes [N, num_ws, w_dim] or [N, w_dim]
     * @param average of a shape that broadcasts to a code's, or null to measure from zero
     * @return a scalar
     */
    public static Tensor wNorm(Tensor codes, Tensor average) {
        Tensor offsets = average == null ? codes : codes.sub(average);
        return offsets.flatten(1, -1).norm(1).mean();
    }
}
