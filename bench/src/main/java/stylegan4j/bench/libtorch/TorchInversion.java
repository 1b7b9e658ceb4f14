package stylegan4j.bench.libtorch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import stylegan4j.bench.SynthesisWeights;
import stylegan4j.nn.optim.LearningRate;

/**
 * Steps of NVlabs' {@code projector.py} (without the noise on w) and of PTI's tuning, on one picture; the target's
 * features are computed once.
 */
public final class TorchInversion {
    private static final double NOISE_WEIGHT = 1e5;

    private final SynthesisWeights weights;
    private final TorchLpips distance;
    private final Tensor target;

    /** @param target [1, 3, H, W] */
    public TorchInversion(SynthesisWeights weights, TorchLpips distance, Tensor target) {
        this.weights = weights;
        this.distance = distance;
        this.target = target;
    }

    /**
     * Projects into W from w = 0.
     *
     * @param noise the first noise maps, [H, W] by layer
     * @return the distance before each step
     */
    public float[] project(TorchSynthesis network, Map<String, float[]> noise, LearningRate rate, int steps) {
        try (var _ = new PointerScope()) {
            List<Tensor> wanted = wanted();
            Tensor w = torch.zeros(1, 1, SynthesisWeights.W_DIM);
            w.set_requires_grad(true);
            Map<String, Tensor> maps = new LinkedHashMap<>();
            noise.forEach((layer, values) -> {
                long side = Math.round(Math.sqrt(values.length));
                maps.put(layer, Libtorch.tensor(values, side, side));
                maps.get(layer).set_requires_grad(true);
            });
            var parameters = new TensorVector(maps.values().toArray(Tensor[]::new));
            parameters.push_back(w);
            Adam adam = adam(parameters, 0);
            float[] losses = new float[steps];
            for (int step = 0; step < steps; step++) {
                try (var _ = new PointerScope()) {
                    adam.param_groups().get(0).options().set_lr(rate.at(step));
                    Tensor made = network.forward(w.repeat(1, weights.layers(), 1), maps);
                    Tensor loss = distance.between(distance.features(made), wanted);
                    losses[step] = loss.item_float();
                    for (Tensor map : maps.values()) {
                        loss = loss.add(regularization(map).mul(new Scalar(NOISE_WEIGHT)));
                    }
                    adam.zero_grad();
                    loss.backward();
                    adam.step();
                    normalize(maps);
                }
            }
            return losses;
        }
    }

    private static Tensor regularization(Tensor map) {
        Tensor level = map.unsqueeze(0).unsqueeze(0);
        Tensor sum = null;
        while (true) {
            Tensor across = level.mul(torch.roll(level, new long[] {1}, 3)).mean().square();
            Tensor down = level.mul(torch.roll(level, new long[] {1}, 2)).mean().square();
            sum = sum == null ? across.add(down) : sum.add(across).add(down);
            if (level.size(2) <= 8) {
                return sum;
            }
            level = torch.avg_pool2d(level, 2, 2);
        }
    }

    private static void normalize(Map<String, Tensor> maps) {
        try (var _ = new NoGradGuard()) {
            for (Tensor map : maps.values()) {
                map.sub_(map.mean());
                map.mul_(map.square().mean().rsqrt());
            }
        }
    }

    /**
     * Tunes every weight of a fresh network at one code.
     *
     * @param ws [1, layers, 512]
     * @return the loss before each step
     */
    public float[] tune(Tensor ws, double rate, int steps) {
        try (var _ = new PointerScope()) {
            List<Tensor> wanted = wanted();
            TorchSynthesis network = new TorchSynthesis(weights, true);
            Adam adam = adam(new TensorVector(network.parameters().values().stream().filter(Tensor::requires_grad)
                    .toArray(Tensor[]::new)), rate);
            float[] losses = new float[steps];
            for (int step = 0; step < steps; step++) {
                try (var _ = new PointerScope()) {
                    Tensor made = network.forward(ws);
                    Tensor loss = distance.between(distance.features(made), wanted)
                            .add(made.sub(target).square().mean());
                    losses[step] = loss.item_float();
                    adam.zero_grad();
                    loss.backward();
                    adam.step();
                }
            }
            return losses;
        }
    }

    private List<Tensor> wanted() {
        try (var _ = new NoGradGuard()) {
            return distance.features(target);
        }
    }

    /** With libtorch's own betas, which are 0.9 and 0.999. */
    private static Adam adam(TensorVector parameters, double rate) {
        return new Adam(parameters, new AdamOptions(rate));
    }
}
