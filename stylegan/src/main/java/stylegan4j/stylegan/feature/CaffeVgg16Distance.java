package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * IDInvert's perceptual distance: the mean squared difference after VGG-16's convolution conv4_3 with Caffe's weights,
 * which take blue, green and red in 0…255 less their means (genforce/idinvert_pytorch,
 * {@code models/perceptual_model.py}).
 */
public final class CaffeVgg16Distance implements PerceptualDistance {
    /** Its official factor beside the mean squared difference of pixels in −1…1: features are in the hundreds. */
    public static final double OFFICIAL_WEIGHT = 5e-5;

    private static final float[] MEANS = {103.939f, 116.779f, 123.68f};
    private static final int TAP = 22;

    private final Trunk vgg;

    CaffeVgg16Distance(Trunk vgg) {
        this.vgg = vgg;
    }

    /**
     * Reads IDInvert's {@code vgg16.pth}.
     *
     * @throws stylegan4j.nn.checkpoint.CheckpointException naming the file, if it is of another kind
     */
    public static CaffeVgg16Distance load(Path file) throws IOException {
        return FeatureFile.read(file).caffe();
    }

    @Override
    public List<Tensor> features(Tensor pictures) {
        Tensor prepared = Scope.local(() -> {
            Tensor colours = pictures.add(1).mul(127.5);
            return Views.concat(List.of(colours.slice(1, 2, 3), colours.slice(1, 1, 2), colours.slice(1, 0, 1)), 1)
                    .sub(Tensor.of(MEANS, 1, 3, 1, 1));
        });
        return vgg.taps(prepared, TAP);
    }

    @Override
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        return PixelDistance.l2(a.getFirst(), b.getFirst());
    }
}
