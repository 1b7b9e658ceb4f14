package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.EpilogueConfig;
import stylegan4j.stylegan.MinibatchStd;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** stylegan2-pytorch's Discriminator. */
final class RosinalityDiscriminatorSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Map<String, StoredTensor> parameters = golden.parameters();
        Discriminator discriminator = new NetworkPart(Path.of("golden"), "", NetworkPart.Kind.DISCRIMINATOR,
                Layout.ROSINALITY, parameters, null).discriminator();
        int size = golden.integer("size");
        golden.check("stddev", Autograd.noGrad(() -> deviation(golden, discriminator, size)));
        discriminator.requiresGrad(true);
        DiscriminatorSystem.check(golden, size, x -> discriminator.forward(x, null),
                RosinalityGeneratorSystem.renamed(discriminator.parameters(),
                        Layout.ROSINALITY.discriminatorRules(parameters.keySet())));
    }

    private static Tensor deviation(GoldenCase golden, Discriminator discriminator, int size) {
        Tensor features = discriminator.features(DiscriminatorSystem.picture(golden, size));
        var epilogue = EpilogueConfig.DEFAULT;
        return MinibatchStd.of(features, epilogue.mbstdGroupSize(), epilogue.mbstdNumChannels())
                .select(3, 0).select(2, 0).select(1, 0);
    }
}
