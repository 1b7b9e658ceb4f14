package stylegan4j.stylegan.inversion;

import java.util.List;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Mode;

/** The pictures to be found, with their features, which are computed once. */
final class Targets {
    private final PerceptualDistance distance;
    private final int largest;
    private final Tensor pictures;
    private final List<Tensor> features;

    /**
     * @param largest side above which pictures are made smaller for the perceptual distance
     * @param pictures [N, 3, H, W]
     */
    Targets(PerceptualDistance distance, int largest, Tensor pictures) {
        this.distance = distance;
        this.largest = largest;
        this.pictures = pictures;
        this.features = Autograd.noGrad(() -> distance.features(reduced(pictures)));
    }

    /** @throws IllegalArgumentException unless the targets are pictures such as the generator makes */
    static void check(Generator generator, Tensor targets) {
        int channels = generator.config().imgChannels();
        int height = generator.config().height();
        int width = generator.config().width();
        if (channels != 3) {
            throw new IllegalArgumentException("invert: expected a generator of colour pictures, got one of "
                    + channels + " channels");
        }
        if (targets.rank() != 4 || targets.size(0) < 1 || targets.size(1) != channels || targets.size(2) != height
                || targets.size(3) != width) {
            throw new IllegalArgumentException("invert: targets expected [N, " + channels + ", " + height + ", "
                    + width + "] as the generator makes, got " + targets.describe());
        }
    }

    /** Perceptual distance of each picture to its target, [N]. */
    Tensor perceptual(Tensor made) {
        return distance.between(distance.features(reduced(made)), features);
    }

    /** Mean squared difference of each picture to its target, [N]. */
    Tensor pixels(Tensor made) {
        return PixelDistance.l2(made, pictures);
    }

    private Tensor reduced(Tensor x) {
        int side = Math.max(x.size(2), x.size(3));
        return side <= largest ? x : Interpolation.interpolate(x, Math.max(1, x.size(2) * largest / side),
                Math.max(1, x.size(3) * largest / side), Mode.AREA);
    }
}
