package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FeatureDistance;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Reductions;

/**
 * Learned perceptual image patch similarity, version 0.1 (arXiv 1801.03924; richzhang/PerceptualSimilarity,
 * {@code lpips/lpips.py}): squared differences of features of unit length at each place, weighted by channel, averaged
 * over places, summed over layers. pSp's own variant ({@code criteria/lpips}) is the mean of this over the batch.
 *
 * <p>Features are the trunk's own: unit length, weights and mean come in one pass when they are compared.
 */
public final class Lpips implements PerceptualDistance {
    /** The official 1e-10 beside the norm, moved under the root, where its derivative is finite. */
    private static final double EPSILON = 1e-20;

    private final Trunk trunk;
    private final List<Tensor> roots;

    /**
     * @param weights of each of the trunk's taps, [C], none negative
     * @throws IllegalArgumentException naming the first that does not fit
     */
    public Lpips(Trunk trunk, List<float[]> weights) {
        this.trunk = trunk;
        this.roots = new ArrayList<>();
        int[] channels = trunk.kind().channels();
        if (weights.size() != channels.length) {
            throw new IllegalArgumentException("lpips: " + weights.size() + " linear layers, " + trunk.kind()
                    + " expects " + channels.length);
        }
        for (int i = 0; i < channels.length; i++) {
            roots.add(root(i, weights.get(i), channels[i]));
        }
    }

    private static Tensor root(int layer, float[] weights, int channels) {
        if (weights.length != channels) {
            throw new IllegalArgumentException("lpips: linear layer " + layer + " has " + weights.length
                    + " weights, expected " + channels);
        }
        float[] roots = new float[channels];
        for (int i = 0; i < channels; i++) {
            if (!(weights[i] >= 0)) {
                throw new IllegalArgumentException("lpips: linear layer " + layer + ": weight " + i
                        + " expected not to be negative, got " + weights[i]);
            }
            roots[i] = (float) Math.sqrt(weights[i]);
        }
        return Tensor.of(roots, channels);
    }

    /**
     * Reads torchvision's file of the trunk (for example {@code vgg16-397923af.pth}) and the lpips package's linear
     * weights ({@code lpips/weights/v0.1/vgg.pth}). Which network, is told from the files.
     *
     * @throws CheckpointException naming the file, if it is of another kind or the two do not belong together
     */
    public static Lpips load(Path trunk, Path linear) throws IOException {
        FeatureFile trunkFile = FeatureFile.read(trunk);
        FeatureFile linearFile = FeatureFile.read(linear);
        Trunk network = trunkFile.trunk();
        return linearFile.lpips(network);
    }

    /**
     * Reads one file that holds both trunk and linear weights: the state of the lpips package's {@code LPIPS}, or of
     * pSp's.
     *
     * @throws CheckpointException naming the file, if it holds only one or neither
     */
    public static Lpips load(Path file) throws IOException {
        FeatureFile both = FeatureFile.read(file);
        return both.lpips(both.trunk());
    }

    public Trunk trunk() {
        return trunk;
    }

    @Override
    public List<Tensor> features(Tensor pictures) {
        return trunk.features(pictures, trunk.kind().taps());
    }

    @Override
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        return layers(a, b).stream().reduce(Tensor::add).orElseThrow();
    }

    /** Each layer's share of the distance, [N] each. */
    public List<Tensor> layers(List<Tensor> a, List<Tensor> b) {
        List<Tensor> layers = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            layers.add(FeatureDistance.between(a.get(i), b.get(i), roots.get(i), EPSILON));
        }
        return layers;
    }

    /** Where the distance comes from: [N, 1, height, width], whose mean is about the distance. */
    public Tensor map(List<Tensor> a, List<Tensor> b, int height, int width) {
        Tensor sum = null;
        for (int i = 0; i < a.size(); i++) {
            Tensor map = Interpolation.interpolate(unit(i, a).sub(unit(i, b)).square().sumKeep(1), height, width,
                    Interpolation.Mode.BILINEAR);
            sum = sum == null ? map : sum.add(map);
        }
        return sum;
    }

    /** Features of unit length, times the roots of the weights. */
    private Tensor unit(int layer, List<Tensor> features) {
        Tensor x = features.get(layer);
        Tensor root = roots.get(layer).reshape(1, -1, 1, 1);
        return Scope.local(() -> x.mul(Reductions.sumOfSquares(x, true, 1).add(EPSILON).rsqrt()).mul(root));
    }
}
