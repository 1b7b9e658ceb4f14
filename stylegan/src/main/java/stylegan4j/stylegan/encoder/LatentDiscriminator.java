package stylegan4j.stylegan.encoder;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.Activate;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Linear;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/**
 * Tells codes that the mapping network made from an encoder's (e4e, arXiv 2102.02766, section 3.2;
 * {@code models/discriminator.py}, {@code training/coach.py}).
 */
public final class LatentDiscriminator extends Module {
    private static final double SLOPE = 0.2;
    private static final int LAYERS = 4;

    private final Sequential mlp;

    public LatentDiscriminator(int wDim, Initializer init) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 1; i < LAYERS; i++) {
            layers.add(new Linear(wDim, wDim, true, init));
            layers.add(Activate.leakyRelu(SLOPE));
        }
        layers.add(new Linear(wDim, 1, true, init));
        mlp = child("mlp", new Sequential(layers));
    }

    /** Single codes [..., wDim] → logits [..., 1], positive for real ones. */
    public Tensor logits(Tensor codes) {
        return mlp.forward(codes.reshape(-1, codes.size(-1)))
                .reshape(with(codes.shape(), codes.rank() - 1, 1));
    }

    private static int[] with(int[] shape, int dim, int size) {
        shape[dim] = size;
        return shape;
    }

    /** The discriminator's non-saturating loss. */
    public Tensor loss(Tensor real, Tensor fake) {
        return logits(real).neg().softplus().mean().add(logits(fake).softplus().mean());
    }

    /** The mean squared norm of the logits' gradient at real codes (arXiv 1801.04406, equation 9, without γ/2). */
    public Tensor r1(Tensor real) {
        Tensor at = real.detach().requiresGrad(true);
        Tensor gradient = Autograd.gradWithGraph(logits(at).sum(), List.of(at)).getFirst();
        return gradient.square().sum(1).mean();
    }

    /**
     * What an encoder loses by being told apart: the mean over the styles that are open.
     *
     * @param codes [N, styles, wDim], the average code included
     * @param stage how many offsets from the first style are open
     */
    public Tensor encoderLoss(Tensor codes, int stage) {
        int open = Math.min(stage + 1, codes.size(1));
        return logits(codes.slice(1, 0, open)).neg().softplus().mean();
    }

    /** Σ over open offsets of the mean norm of each style's difference from the first one (e4e, equation 3). */
    public static Tensor deltaNorm(Tensor codes, int stage) {
        int open = Math.min(stage + 1, codes.size(1));
        if (open < 2) {
            return Tensor.scalar(0);
        }
        return codes.slice(1, 1, open).sub(codes.slice(1, 0, 1)).norm(2).mean(0).sum();
    }
}
