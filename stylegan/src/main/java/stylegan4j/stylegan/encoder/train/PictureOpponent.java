package stylegan4j.stylegan.encoder.train;

import java.util.List;
import java.util.Map;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** IDInvert's discriminator in training (genforce/idinvert, {@code training/loss_encoder.py}: D_logistic_simplegp). */
final class PictureOpponent {
    private final PictureGame game;
    private final Discriminator discriminator;
    private final Optimizer optimizer;

    PictureOpponent(PictureGame game, Discriminator discriminator, Optimizer optimizer) {
        this.game = game;
        this.discriminator = discriminator;
        this.optimizer = optimizer;
    }

    Discriminator discriminator() {
        return discriminator;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /** What the encoder loses by its pictures being told apart. */
    Tensor encoderLoss(Tensor pictures) {
        return discriminator.forward(pictures, null).neg().softplus().mean();
    }

    /** @param fakes of the encoder, without a graph */
    void train(Tensor reals, Tensor fakes, Map<String, Double> terms) {
        discriminator.requiresGrad(true);
        try (var _ = Scope.open()) {
            Tensor real = reals.detach().requiresGrad(true);
            Tensor logits = discriminator.forward(real, null);
            Tensor loss = logits.neg().softplus().mean()
                    .add(discriminator.forward(fakes, null).softplus().mean());
            terms.put("discriminator_loss", (double) loss.item());
            if (game.r1() > 0) {
                Tensor slope = Autograd.gradWithGraph(logits.sum(), List.of(real)).getFirst();
                Tensor penalty = slope.square().sum(1, 2, 3).mean();
                terms.put("discriminator_r1_loss", (double) penalty.item());
                loss = loss.add(penalty.mul(game.r1() / 2));
            }
            loss.backward();
        }
        optimizer.step();
        optimizer.zeroGrad();
        discriminator.requiresGrad(false);
    }
}
