package stylegan4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Channels;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.SynthesisConfig;
import stylegan4j.stylegan.SynthesisNetwork;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Our synthesis network with the weights that both sides share. Its tensors belong to the scope it is made in. */
final class OwnSynthesis {
    private final SynthesisNetwork network;
    private final Tensor ws;

    /** @param ws [batch, layers, 512] */
    OwnSynthesis(SynthesisWeights weights, int channelBase, float[] ws, int batch, boolean trainable) {
        network = generator(weights, channelBase).synthesis();
        this.ws = Tensor.of(ws, batch, weights.layers(), SynthesisWeights.W_DIM);
        if (trainable) {
            network.requiresGrad(true);
            this.ws.requiresGrad(true);
        }
    }

    /** A generator with the given synthesis network; its mapping network gives zeros. */
    static Generator generator(SynthesisWeights weights, int channelBase) {
        GeneratorConfig config = GeneratorConfig.of(weights.resolution()).withSynthesis(
                SynthesisConfig.DEFAULT.withChannels(new Channels(channelBase, 512)));
        Generator generator = new Generator(config, Initializer.NONE);
        Map<String, Tensor> state = generator.synthesis().state();
        weights.parameters().forEach((name, p) -> {
            try (Scope _ = Scope.open()) {
                state.get(name).assign(Tensor.of(p.data(), Arrays.stream(p.shape()).mapToInt(Math::toIntExact)
                        .toArray()));
            }
        });
        return generator;
    }

    /** Computes a picture and drops it. */
    void run() {
        try (Scope _ = Scope.open()) {
            picture();
        }
    }

    /** The picture's elements. */
    float[] result() {
        try (Scope _ = Scope.open()) {
            return picture().toArray();
        }
    }

    private Tensor picture() {
        return Autograd.noGrad(() -> network.forward(ws, Noise.CONST));
    }

    /** Computes the gradients of mean(picture²) in ws and every weight, and drops them. */
    void backward() {
        try (Scope _ = Scope.open()) {
            gradients(allInputs());
        }
    }

    /** The gradient in one parameter; null stands for ws. */
    float[] gradient(String parameter) {
        try (Scope _ = Scope.open()) {
            return gradients(List.of(parameter == null ? ws : network.parameters().get(parameter))).getFirst()
                    .toArray();
        }
    }

    private List<Tensor> gradients(List<Tensor> inputs) {
        return Autograd.grad(network.forward(ws, Noise.CONST).square().mean(), inputs);
    }

    private List<Tensor> allInputs() {
        List<Tensor> inputs = new ArrayList<>(network.parameters().values());
        inputs.add(ws);
        return inputs;
    }
}
