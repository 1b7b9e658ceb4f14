package stylegan4j.stylegan.idinvert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.LayerListener;
import stylegan4j.stylegan.idinvert.StyleGan1Layer.Kind;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;

/**
 * StyleGAN1's generator (arXiv 1812.04948) as IDInvert uses it ({@code models/stylegan_generator_network.py}), with its
 * option of a code for each layer straight from the mapping network.
 */
public final class StyleGan1Generator extends Module {
    private static final double MAPPING_LR = 0.01;
    private static final double EPSILON = 1e-8;
    private static final int LOWEST = 4;
    private static final double PSI = 0.7;
    private static final int TRUNCATED = 8;

    private final List<ScaledDense> mapping = new ArrayList<>();
    private final List<StyleGan1Layer> layers = new ArrayList<>();
    private final List<Tensor[]> outputs = new ArrayList<>();
    private final Tensor average;
    private final Tensor truncation;
    private final int wDim;
    private final boolean finalTanh;

    /** @param sizes told from a file's tensors */
    private StyleGan1Generator(StyleGan1Sizes sizes, boolean finalTanh, Initializer init) {
        this.wDim = sizes.wDim();
        this.finalTanh = finalTanh;
        for (int i = 0; i + 1 < sizes.mapping().size(); i++) {
            mapping.add(child("mapping.dense" + i, new ScaledDense(sizes.mapping().get(i), sizes.mapping().get(i + 1),
                    Math.sqrt(2), MAPPING_LR, StyleGan1Layer.LEAKY, init)));
        }
        average = buffer("truncation.w_avg", Tensor.zeros(wDim));
        int count = 2 * sizes.channels().size();
        float[] psi = new float[count];
        for (int i = 0; i < count; i++) {
            psi[i] = i < TRUNCATED ? (float) PSI : 1;
        }
        truncation = buffer("truncation.truncation", Tensor.of(psi, 1, count, 1));
        parameter("synthesis.lod", Tensor.scalar(0));
        for (int block = 0; block < sizes.channels().size(); block++) {
            int out = sizes.channels().get(block);
            int in = sizes.channels().get(Math.max(0, block - 1));
            Kind first = block == 0 ? Kind.CONST : sizes.fused().get(block) ? Kind.UP_FUSED : Kind.UP;
            layer(first, in, out, LOWEST << block, init);
            layer(Kind.SAME, out, out, LOWEST << block, init);
            outputs.add(new Tensor[] {parameter("synthesis.output" + block + ".conv.weight",
                    init.normal(3, out, 1, 1)), parameter("synthesis.output" + block + ".bias", Tensor.zeros(3))});
        }
    }

    private void layer(Kind kind, int in, int out, int resolution, Initializer init) {
        layers.add(child("synthesis.layer" + layers.size(),
                new StyleGan1Layer(kind, in, out, resolution, wDim, init)));
    }

    /**
     * Reads {@code <model>_generator.pth}, as released: with a tanh at the end.
     *
     * @throws CheckpointException naming file and tensor, if it is not such a generator
     */
    public static StyleGan1Generator load(Path file) throws IOException {
        return of(file, Checkpoints.read(file).tensors(), true);
    }

    /**
     * Builds and loads the generator of these tensors.
     *
     * @param file for messages
     * @param finalTanh whether colours are bounded at the end
     */
    public static StyleGan1Generator of(Path file, Map<String, StoredTensor> state, boolean finalTanh)
            throws CheckpointException {
        try {
            StyleGan1Generator generator = new StyleGan1Generator(StyleGan1Sizes.of(state), finalTanh,
                    Initializer.NONE);
            generator.load(state);
            return generator;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "expected StyleGAN1's generator: " + e.getMessage());
        }
    }

    /** Number of codes that a picture takes. */
    public int numWs() {
        return layers.size();
    }

    /** Side of the pictures. */
    public int resolution() {
        return LOWEST << layers.size() / 2 - 1;
    }

    /** z [N, z_dim] → [N, w_dim], or [N, num_ws·w_dim] where the mapping makes one code for each layer. */
    public Tensor map(Tensor z) {
        Tensor x = z.mul(z.square().meanKeep(1).add(EPSILON).rsqrt());
        for (ScaledDense layer : mapping) {
            x = layer.forward(x);
        }
        return x;
    }

    /** What {@link #map} gives → codes [N, num_ws, w_dim], the first eight drawn to the average by 0.7. */
    public Tensor truncate(Tensor w) {
        Tensor codes = w.size(1) == wDim ? w.unsqueeze(1).expand(-1, numWs(), wDim) : w.reshape(-1, numWs(), wDim);
        return average.add(codes.sub(average).mul(truncation));
    }

    /** Codes [N, num_ws, w_dim] → pictures [N, 3, H, W]. */
    public Tensor synthesize(Tensor codes) {
        return synthesize(codes, (name, output) -> {
        });
    }

    /** @param listener told of each layer's result, by its official name */
    public Tensor synthesize(Tensor codes, LayerListener listener) {
        if (codes.rank() != 3 || codes.size(1) != numWs() || codes.size(2) != wDim) {
            throw new IllegalArgumentException("synthesize: expected codes [N, " + numWs() + ", " + wDim + "], got "
                    + codes.describe());
        }
        Tensor x = codes;
        for (int i = 0; i < layers.size(); i++) {
            x = layers.get(i).forward(x, codes.select(1, i));
            listener.output("layer" + i, x);
        }
        Tensor[] last = outputs.getLast();
        Tensor features = x;
        Tensor picture = Scope.local(() -> Convolution.conv2d(features, last[0], ConvGeometry.of(1, 0))
                .mul(1 / Math.sqrt(features.size(1))).add(last[1].reshape(1, 3, 1, 1)));
        listener.output("output" + (outputs.size() - 1), picture);
        return finalTanh ? picture.tanh() : picture;
    }
}
