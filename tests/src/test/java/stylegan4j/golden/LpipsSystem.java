package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The lpips package's LPIPS on its three networks, and pSp's own. */
final class LpipsSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        FeatureFile file = FeatureFile.of(Path.of("golden"), golden.parameters());
        Lpips lpips = file.lpips(file.trunk());
        for (int size : List.of(64, 256)) {
            if (golden.hasInput("x_" + size)) {
                check(golden, lpips, size);
            }
        }
        if (golden.hasInput("u_64")) {
            golden.check("value_normalize_64", column(lpips.between(golden.input("u_64").mul(2).sub(1),
                    golden.input("v_64").mul(2).sub(1))));
        }
        if (golden.hasInput("x")) {
            Tensor x = golden.input("x").requiresGrad(true);
            Tensor value = lpips.between(x, golden.input("y")).mean();
            golden.check("value", value);
            golden.check("grad_x", Autograd.grad(value, List.of(x)).getFirst());
        }
    }

    private static void check(GoldenCase golden, Lpips lpips, int size) throws IOException {
        Tensor x = golden.input("x_" + size).requiresGrad(golden.wants("grad_x_" + size));
        List<Tensor> a = lpips.features(x);
        List<Tensor> b = lpips.features(golden.input("y_" + size));
        Tensor value = lpips.between(a, b);
        golden.check("value_" + size, column(value));
        List<Tensor> layers = lpips.layers(a, b);
        List<Tensor> raw = lpips.trunk().features(x, lpips.trunk().kind().taps());
        for (int i = 0; i < layers.size(); i++) {
            golden.check("layer" + i + "_" + size, column(layers.get(i)));
            golden.check("feat" + i + "_" + size, raw.get(i));
        }
        if (golden.wants("spatial_" + size)) {
            golden.check("spatial_" + size, lpips.map(a, b, size, size));
        }
        if (x.requiresGrad()) {
            golden.check("grad_x_" + size, Autograd.grad(value.sum(), List.of(x)).getFirst());
        }
    }

    private static Tensor column(Tensor values) {
        return values.reshape(-1, 1, 1, 1);
    }
}
