package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.stylegan.feature.FaceNetwork;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.feature.ResNet50;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Views;

/** Identity losses and similarities: ArcFace, CurricularFace and MoCo. */
final class IdentitySystem {
    private IdentitySystem() {
    }

    static void arcFace(GoldenCase golden) throws IOException {
        FaceNetwork network = loaded(golden, FaceNetwork.arcFace(Initializer.NONE));
        golden.check("cropped_pooled", FaceNetwork.faces(golden.input("y_hat")));
        Tensor faces = FaceNetwork.faces(golden.input("y"));
        Tensor body = Autograd.noGrad(() -> network.body().forward(network.stem(faces)));
        golden.check("body", body);
        golden.check("output_layer", Autograd.noGrad(() -> network.features(faces)));
        loss(golden, network);
    }

    static void curricularFace(GoldenCase golden) throws IOException {
        FaceNetwork network = loaded(golden, FaceNetwork.curricularFace(Initializer.NONE));
        Tensor stem = network.stem(golden.input("a"));
        golden.check("input_layer", stem);
        List<Tensor> taps = network.body().taps(stem, 2, 15, 48);
        golden.check("body.2", taps.get(0));
        golden.check("body.15", taps.get(1));
        golden.check("body", taps.get(2));
        golden.check("feat_a", network.embed(golden.input("a")));
        golden.check("feat_b", network.embed(golden.input("b")));
        golden.check("similarity", network.similarity(golden.input("a"), golden.input("b")).mean());
    }

    static void moco(GoldenCase golden) throws IOException {
        ResNet50 network = loaded(golden, new ResNet50(Initializer.NONE));
        if (golden.wants("layer4")) {
            Tensor x = network.stem(Interpolation.interpolate(golden.input("y"), 224, 224,
                    Interpolation.Mode.NEAREST));
            golden.check("maxpool", x);
            for (int i = 0; i < 4; i++) {
                x = network.stage(i).forward(x);
                golden.check("layer" + (i + 1), x);
            }
        }
        loss(golden, network);
    }

    private static <M extends Module> M loaded(GoldenCase golden, M network) throws IOException {
        FeatureFile.of(Path.of("golden"), golden.parameters()).loadInto(network);
        return network;
    }

    private static void loss(GoldenCase golden, IdentityEmbedding network) throws IOException {
        Tensor yHat = golden.input("y_hat").requiresGrad(golden.wants("grad_y_hat"));
        Tensor ofYHat = network.embed(yHat);
        Tensor ofY = network.embed(golden.input("y"));
        Tensor toTarget = ofYHat.mul(ofY).sum(1);
        Tensor loss = toTarget.neg().add(1).mean();
        golden.check("loss", loss);
        golden.check("feat_y_hat", ofYHat);
        golden.check("feat_y", ofY);
        if (yHat.requiresGrad()) {
            golden.check("grad_y_hat", Autograd.grad(loss, List.of(yHat)).getFirst());
        }
        if (golden.hasInput("x")) {
            Tensor ofX = network.embed(golden.input("x"));
            Tensor targetToInput = ofY.mul(ofX).sum(1);
            golden.check("sim_improvement", toTarget.sub(targetToInput).mean());
            golden.check("diff", Views.stack(List.of(toTarget, ofYHat.mul(ofX).sum(1), targetToInput), 1));
        }
    }
}
