package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Pooling;

/**
 * ResNet-50 without its classifier (arXiv 1512.03385), trained by MoCo v2 (arXiv 2003.04297): the similarity of
 * pictures that are not faces (eladrich/pixel2style2pixel, {@code criteria/moco_loss.py}).
 */
public final class ResNet50 extends Module implements IdentityEmbedding {
    private static final int SIDE = 224;

    private final Conv2d convolution;
    private final BatchNorm norm;
    private final Sequential[] stages = new Sequential[4];

    public ResNet50(Initializer init) {
        convolution = child("conv1", new Conv2d(3, ResNetBody.RESNET_50.width(), 7, ConvGeometry.of(2, 3), false,
                init));
        norm = child("bn1", new BatchNorm(ResNetBody.RESNET_50.width()));
        List<List<ResidualBlock>> blocks = ResNetBody.RESNET_50.stages(init);
        for (int i = 0; i < stages.length; i++) {
            stages[i] = child("layer" + (i + 1), new Sequential(blocks.get(i)));
        }
    }

    /**
     * Reads MoCo v2's file ({@code moco_v2_800ep_pretrain.pt}) or torchvision's.
     *
     * @throws stylegan4j.nn.checkpoint.CheckpointException naming the file, if it is of another kind
     */
    public static ResNet50 load(Path file) throws IOException {
        return (ResNet50) FeatureFile.read(file).require(FeatureKind.RESNET50).identity();
    }

    /** Pictures [N, 3, H, W] in −1…1, brought to 224×224 by nearest neighbours → unit vectors [N, 2048]. */
    @Override
    public Tensor embed(Tensor pictures) {
        return Scope.local(() -> {
            Tensor x = stem(Interpolation.interpolate(pictures, SIDE, SIDE, Interpolation.Mode.NEAREST));
            for (Sequential stage : stages) {
                x = stage.forward(x);
            }
            Tensor features = x.mean(2, 3);
            return features.div(features.square().sumKeep(1).sqrt());
        });
    }

    /** x [N, 3, H, W] → [N, 64, H/4, W/4]. */
    public Tensor stem(Tensor x) {
        return Scope.local(() -> Pooling.maxPool2d(convolution.forward(x, norm, Activate.RELU.spec()), 3, 2, 1));
    }

    /** One of the four stages, counted from 0. */
    public Sequential stage(int number) {
        return stages[number];
    }
}
