package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.DType;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.stylegan.SynthesisBlock.State;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Makes pictures from intermediate latent codes (stylegan2-ada-pytorch, {@code training/networks.py}:
 * SynthesisNetwork). Codes of W+ space become styles of S space, and these a picture.
 */
public final class SynthesisNetwork extends Module {
    private static final String NOISE = ".noise_const";

    private final List<SynthesisBlock> blocks = new ArrayList<>();
    private final int wDim;
    private final int numWs;
    private FeatureStorage features = FeatureStorage.EXACT;

    SynthesisNetwork(int wDim, int imgResolution, int imgChannels, SynthesisConfig config, Initializer init) {
        this.wDim = wDim;
        Resolutions.upTo(imgResolution).forEach(resolution -> blocks.add(child(SynthesisBlock.nameAt(resolution),
                new SynthesisBlock(resolution, wDim, imgResolution, imgChannels, config, init))));
        int convolutions = blocks.stream().mapToInt(SynthesisBlock::numConv).sum();
        this.numWs = convolutions + (blocks.getLast().hasToRgb() ? 1 : 0);
    }

    /**
     * Chooses how the features of the highest resolutions are stored between layers, on devices that convolve half
     * types; elsewhere this has no effect. Weights, their gradients, styles, sums and pictures stay F32.
     *
     * @param type F32, F16 or BF16
     * @param resolutions how many of the resolutions, from the highest down and above 4, official {@code num_fp16_res}
     * @throws IllegalArgumentException if the type is I32 or {@code resolutions} is negative
     */
    public void features(DType type, int resolutions) {
        features(new FeatureStorage(type, resolutions));
    }

    private void features(FeatureStorage storage) {
        features = storage;
        for (int i = 1; i < blocks.size(); i++) {
            blocks.get(i).features(storage.at(blocks.size() - 1 - i));
        }
    }

    /** Stores features as another network of this shape does. */
    void featuresLike(SynthesisNetwork other) {
        features(other.features);
    }

    /**
     * Whether gradients on their way through the network are stored as binary16, whose range is small:
     * {@link stylegan4j.nn.optim.LossScale} then keeps them in it.
     */
    public boolean needsLossScale() {
        return features.needsLossScale(this);
    }

    /** Number of codes that a picture takes. */
    public int numWs() {
        return numWs;
    }

    /** The constant noise [1, 1, H, W] of each layer that adds any, by the layer's name ({@code b8.conv0}). */
    public Map<String, Tensor> noiseMaps() {
        Map<String, Tensor> maps = new LinkedHashMap<>();
        state().forEach((name, tensor) -> {
            if (name.endsWith(NOISE)) {
                maps.put(name.substring(0, name.length() - NOISE.length()),
                        tensor.reshape(1, 1, tensor.size(0), tensor.size(1)));
            }
        });
        return maps;
    }

    /**
     * @param ws [N, num_ws, w_dim]
     * @return pictures [N, img_channels, H, W], about −1 … 1
     */
    public Tensor forward(Tensor ws, Noise noise) {
        return forward(ws, noise, LayerListener.NONE);
    }

    /** {@link #forward(Tensor, Noise)} with a look at every layer's output. */
    public Tensor forward(Tensor ws, Noise noise, LayerListener listener) {
        return Scope.local(() -> forward(styles(ws), noise, listener));
    }

    /**
     * The styles of all layers: W+ → S.
     *
     * @param ws [N, num_ws, w_dim]
     */
    public StyleCodes styles(Tensor ws) {
        if (ws.rank() != 3 || ws.size(1) != numWs || ws.size(2) != wDim) {
            throw new IllegalArgumentException("synthesis: ws must be [N, " + numWs + ", " + wDim + "], got "
                    + ws.describe());
        }
        Map<String, Tensor> styles = new LinkedHashMap<>();
        int first = 0;
        for (SynthesisBlock block : blocks) {
            block.styles(ws, first, styles);
            first += block.numConv();
        }
        return new StyleCodes(styles);
    }

    /** Pictures from S space. */
    public Tensor forward(StyleCodes styles, Noise noise) {
        return forward(styles, noise, LayerListener.NONE);
    }

    /** {@link #forward(StyleCodes, Noise)} with a look at every layer's output. */
    public Tensor forward(StyleCodes styles, Noise noise, LayerListener listener) {
        State state = State.NOTHING;
        for (SynthesisBlock block : blocks) {
            State next;
            try (Scope scope = Scope.open()) {
                next = block.forward(state, styles, noise, listener);
                scope.release(next.x());
                if (next.img() != null) {
                    scope.release(next.img());
                }
            }
            state.close();
            state = next;
        }
        state.x().close();
        return state.img();
    }
}
