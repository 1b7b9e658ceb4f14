package stylegan4j.stylegan.encoder.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.encoder.LatentDiscriminator;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** e4e's latent discriminator in training (e4e, {@code training/coach.py}: train_discriminator). */
final class LatentOpponent {
    private final LatentGame game;
    private final LatentDiscriminator discriminator;
    private final Optimizer optimizer;
    private final CodePool reals;
    private final CodePool fakes;

    LatentOpponent(LatentGame game, int wDim, Initializer init) {
        this.game = game;
        this.discriminator = new LatentDiscriminator(wDim, init);
        this.optimizer = new Optimizer(discriminator.parameters(), Adam.of(0.9, 0.999), game.learningRate());
        this.reals = new CodePool(game.poolSize());
        this.fakes = new CodePool(game.poolSize());
    }

    LatentDiscriminator discriminator() {
        return discriminator;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    Map<String, StoredTensor> savePools() {
        Map<String, StoredTensor> pools = new LinkedHashMap<>();
        pools.put("real", reals.save());
        pools.put("fake", fakes.save());
        pools.values().removeIf(pool -> pool == null);
        return pools;
    }

    void loadPools(Map<String, StoredTensor> pools) {
        reals.load(pools.get("real"));
        fakes.load(pools.get("fake"));
    }

    /**
     * One step, and where it is its turn another one for the gradient penalty.
     *
     * @param real codes of the mapping network, [N, wDim]
     * @param fake codes of the encoder that differ, [N, open styles, wDim]
     * @param terms where losses are noted
     */
    void train(Tensor real, Tensor fake, long step, SplittableRandom random, Map<String, Double> terms) {
        boolean pooled = game.poolSize() > 0;
        Tensor reals = pooled ? this.reals.query(real, random) : real;
        Tensor fakes = pooled ? this.fakes.query(fake, random) : fake.select(1, 0);
        discriminator.requiresGrad(true);
        try (var _ = Scope.open()) {
            Tensor loss = discriminator.loss(reals, fakes);
            terms.put("discriminator_loss", (double) loss.item());
            loss.backward();
            update();
        }
        if (game.r1() > 0 && step % game.r1Every() == 0) {
            try (var _ = Scope.open()) {
                Tensor penalty = discriminator.r1(reals).mul(game.r1() / 2 * game.r1Every());
                terms.put("discriminator_r1_loss", (double) penalty.item());
                penalty.backward();
                update();
            }
        }
        discriminator.requiresGrad(false);
    }

    private void update() {
        optimizer.step();
        optimizer.zeroGrad();
    }
}
