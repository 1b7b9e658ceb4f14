package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.feature.Vgg16Distance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** Image2StyleGAN's loss: layers of VGG-16 and pixels. */
final class Vgg16System implements GoldenSystem {
    private static final List<String> LAYERS = List.of("conv1_1", "conv1_2", "conv3_2", "conv4_2");

    @Override
    public void run(GoldenCase golden) throws IOException {
        Vgg16Distance distance = new Vgg16Distance(
                FeatureFile.of(Path.of("golden"), golden.parameters()).trunk());
        Tensor x = golden.input("x").requiresGrad(true);
        Tensor y = golden.input("y");
        List<Tensor> a = distance.features(x);
        List<Tensor> b = distance.features(y);
        for (int i = 0; i < LAYERS.size(); i++) {
            golden.check("feat_" + LAYERS.get(i), a.get(i));
            golden.check("mse_" + LAYERS.get(i), PixelDistance.l2(a.get(i), b.get(i)).mean());
            golden.check("mse_relu_" + LAYERS.get(i), PixelDistance.l2(a.get(i).relu(), b.get(i).relu()).mean());
        }
        Tensor pixels = PixelDistance.l2(x, y).mean();
        golden.check("mse_pixel", pixels);
        Tensor loss = distance.between(a, b).mean().add(pixels);
        golden.check("loss", loss);
        golden.check("grad_x", Autograd.grad(loss, List.of(x)).getFirst());
    }
}
