package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.DType;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * StyleGAN2's discriminator (stylegan2-ada-pytorch, {@code training/networks.py}: Discriminator): picture → logit, large
 * for real ones. Its tensors belong to the scope that is open when it is made.
 */
public final class Discriminator extends Module {
    private final DiscriminatorConfig config;
    private final List<DiscriminatorBlock> blocks = new ArrayList<>();
    private final DiscriminatorEpilogue epilogue;
    private final MappingNetwork mapping;
    private FeatureStorage features = FeatureStorage.EXACT;

    /** A network with initial weights; {@link Initializer#random} for training. */
    public Discriminator(DiscriminatorConfig config, Initializer init) {
        this.config = config;
        int lowest = Resolutions.LOWEST;
        for (int resolution = config.imgResolution(); resolution > lowest; resolution /= 2) {
            blocks.add(child("b" + resolution, new DiscriminatorBlock(resolution, config, init)));
        }
        int cmapDim = config.cDim() == 0 ? 0
                : config.cmapDim() > 0 ? config.cmapDim() : config.channels().at(lowest);
        this.epilogue = child("b" + lowest, new DiscriminatorEpilogue(cmapDim, config, init));
        this.mapping = cmapDim == 0 ? null
                : child("mapping", new MappingNetwork(0, config.cDim(), cmapDim, 0, config.mapping(), init));
    }

    public DiscriminatorConfig config() {
        return config;
    }

    /**
     * Chooses how the features of the highest resolutions are stored between layers, on devices that convolve half
     * types; elsewhere this has no effect. Weights, their gradients, sums, pictures and logits stay F32.
     *
     * @param type F32, F16 or BF16
     * @param resolutions how many of the resolutions, from the highest down and above 4, official {@code num_fp16_res}
     * @throws IllegalArgumentException if the type is I32 or {@code resolutions} is negative
     */
    public void features(DType type, int resolutions) {
        features = new FeatureStorage(type, resolutions);
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).storage(features.at(i));
        }
    }

    /**
     * Whether gradients on their way through the network are stored as binary16, whose range is small:
     * {@link stylegan4j.nn.optim.LossScale} then keeps them in it.
     */
    public boolean needsLossScale() {
        return features.needsLossScale(this);
    }

    /**
     * @param img [N, img_channels, img_resolution, img_resolution], about −1 … 1
     * @param c [N, c_dim]; null if the network has no classes
     * @return logits [N, 1]
     */
    public Tensor forward(Tensor img, Tensor c) {
        check(img);
        return Scope.local(() -> {
            Tensor[] x = descend(img);
            Tensor y = epilogue.forward(x[0], x[1]);
            if (mapping == null) {
                return y;
            }
            Tensor label = mapping.forward(null, c);
            return y.mul(label).sumKeep(1).mul(1 / Math.sqrt(label.size(1)));
        });
    }

    /** What the last block sees: img [N, img_channels, img_resolution, img_resolution] → [N, C, 4, 4]. */
    public Tensor features(Tensor img) {
        check(img);
        return Scope.local(() -> descend(img)[0]);
    }

    /** Features and, for architecture skip, picture at 4×4. */
    private Tensor[] descend(Tensor img) {
        Tensor x = null;
        Tensor picture = img;
        for (DiscriminatorBlock block : blocks) {
            x = block.features(x, picture);
            picture = block.picture(picture);
        }
        return new Tensor[] {x.to(DType.F32), picture};
    }

    private void check(Tensor img) {
        int r = config.imgResolution();
        if (img.rank() != 4 || img.size(1) != config.imgChannels() || img.size(2) != r || img.size(3) != r) {
            throw new IllegalArgumentException("discriminator: img must be [N, " + config.imgChannels() + ", " + r
                    + ", " + r + "], got " + img.describe());
        }
    }
}
