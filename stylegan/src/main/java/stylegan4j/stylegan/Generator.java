package stylegan4j.stylegan;

import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.NumpyRandom;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * StyleGAN2's generator (stylegan2-ada-pytorch, {@code training/networks.py}: Generator): latent code z → mapping → w →
 * synthesis → picture. Its tensors belong to the scope that is open when it is made.
 *
 * {@snippet :
 * try (Device device = Device.cpu(); Scope scope = device.open()) {
 *     Generator generator = Networks.loadGenerator(Path.of("ffhq.pkl"));
 *     Autograd.noGrad(() -> {
 *         Tensor z = generator.latents(0, 1, 2);                                  // [3, z_dim]
 *         Tensor ws = generator.mapping(z, null, Truncation.psi(0.7));            // [3, num_ws, w_dim]
 *         Tensor pictures = generator.synthesis(ws, Noise.CONST);                 // [3, 3, H, W], -1..1
 *     });
 * }
 * }
 */
public final class Generator extends Module {
    private final GeneratorConfig config;
    private final SynthesisNetwork synthesis;
    private final MappingNetwork mapping;

    /** A network with initial weights; {@link Initializer#random} for training. */
    public Generator(GeneratorConfig config, Initializer init) {
        this.config = config;
        this.synthesis = child("synthesis", new SynthesisNetwork(config.wDim(), config.imgResolution(),
                config.imgChannels(), config.synthesis(), init));
        this.mapping = child("mapping", new MappingNetwork(config.zDim(), config.cDim(), config.wDim(),
                synthesis.numWs(), config.mapping(), init));
    }

    /** The same network with weights of its own, in the open scope. */
    public Generator copy() {
        Generator copy = new Generator(config, Initializer.NONE);
        Map<String, Tensor> state = state();
        Autograd.noGrad(() -> copy.state().forEach((name, tensor) -> tensor.assign(state.get(name))));
        copy.synthesis().featuresLike(synthesis);
        return copy;
    }

    public GeneratorConfig config() {
        return config;
    }

    public MappingNetwork mapping() {
        return mapping;
    }

    public SynthesisNetwork synthesis() {
        return synthesis;
    }

    /** Number of codes that a picture takes. */
    public int numWs() {
        return synthesis.numWs();
    }

    /**
     * Latent codes [n, z_dim] from seeds, the same as the official scripts' {@code RandomState(seed).randn(1, z_dim)}.
     *
     * @param seeds 0 … 2³² − 1
     */
    public Tensor latents(long... seeds) {
        float[] z = new float[seeds.length * config.zDim()];
        for (int i = 0; i < seeds.length; i++) {
            System.arraycopy(new NumpyRandom(seeds[i]).randnFloats(config.zDim()), 0, z, i * config.zDim(),
                    config.zDim());
        }
        return Tensor.of(z, seeds.length, config.zDim());
    }

    /**
     * One-hot labels [n, c_dim].
     *
     * @throws IllegalArgumentException if a class is not one of this network's
     */
    public Tensor labels(int... classes) {
        float[] c = new float[classes.length * config.cDim()];
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] < 0 || classes[i] >= config.cDim()) {
                throw new IllegalArgumentException("labels: " + (config.cDim() == 0 ? "the network has no classes"
                        : "class must be 0 to " + (config.cDim() - 1)) + ", got " + classes[i]);
            }
            c[i * config.cDim() + classes[i]] = 1;
        }
        return Tensor.of(c, classes.length, config.cDim());
    }

    /** See {@link MappingNetwork#forward(Tensor, Tensor, Truncation)}. */
    public Tensor mapping(Tensor z, Tensor c, Truncation truncation) {
        return mapping.forward(z, c, truncation);
    }

    /** See {@link SynthesisNetwork#forward(Tensor, Noise)}. */
    public Tensor synthesis(Tensor ws, Noise noise) {
        return synthesis.forward(ws, noise);
    }

    /**
     * Pictures from latent codes.
     *
     * @param z [N, z_dim]
     * @param c [N, c_dim]; null if the network has no classes
     * @return [N, img_channels, H, W], about −1 … 1
     */
    public Tensor forward(Tensor z, Tensor c, Truncation truncation, Noise noise) {
        return Scope.local(() -> synthesis(mapping(z, c, truncation), noise));
    }
}
