package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Tensor;

/**
 * Image2StyleGAN's perceptual loss (arXiv 1904.03189, equation 2): mean squared differences of VGG-16's convolutions
 * conv1_1, conv1_2, conv3_2 and conv4_2 before their activations, with weight 1 each.
 */
public final class Vgg16Distance implements PerceptualDistance {
    private static final int[] TAPS = {0, 2, 12, 19};

    private final Trunk vgg;

    /** @throws IllegalArgumentException if the trunk is another network */
    public Vgg16Distance(Trunk vgg) {
        if (vgg.kind() != Trunk.Kind.VGG) {
            throw new IllegalArgumentException("vgg16Distance: expected VGG-16, got " + vgg.kind());
        }
        this.vgg = vgg;
    }

    /**
     * Reads torchvision's file ({@code vgg16-397923af.pth}) or NVlabs' ({@code vgg16.pt}).
     *
     * @throws stylegan4j.nn.checkpoint.CheckpointException naming the file, if it is of another kind
     */
    public static Vgg16Distance load(Path file) throws IOException {
        return new Vgg16Distance(FeatureFile.read(file).require(FeatureKind.VGG).trunk());
    }

    @Override
    public List<Tensor> features(Tensor pictures) {
        return vgg.features(pictures, TAPS);
    }

    @Override
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        Tensor sum = PixelDistance.l2(a.getFirst(), b.getFirst());
        for (int i = 1; i < a.size(); i++) {
            sum = sum.add(PixelDistance.l2(a.get(i), b.get(i)));
        }
        return sum;
    }
}
