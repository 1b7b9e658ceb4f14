package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.kernels.Fir;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The operation conv2d_resample. */
final class ResampledConvolutionSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        int i = 0;
        for (Map<String, Object> config : golden.configs()) {
            String name = String.format(Locale.ROOT, "r%02d.", i++);
            Object taps = config.getOrDefault("f", golden.config().get("default_filter"));
            Tensor x = golden.input(name + "x").requiresGrad(true);
            Tensor w = golden.input(name + "w").requiresGrad(true);
            Tensor y = ResampledConvolution.of(x, w, Fir.separable(Configs.taps(taps)), config);
            golden.check(name + "y", y);
            List<Tensor> gradients = Autograd.grad(y.mul(golden.input(name + "dy")).sum(), List.of(x, w));
            golden.check(name + "dx", gradients.get(0));
            golden.check(name + "dw", gradients.get(1));
        }
    }
}
