package stylegan4j.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.ModulatedConvolution;

/** The operation modulated_conv2d with its gradients, and theirs. */
final class ModulatedConvolutionSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Fir fir = Fir.separable(Configs.taps(golden.config().get("resample_filter")));
        int i = 0;
        for (Map<String, Object> config : golden.configs()) {
            run(golden, String.format(Locale.ROOT, "m%02d.", i++), config, fir);
        }
    }

    private static void run(GoldenCase golden, String name, Map<String, Object> config, Fir fir) throws IOException {
        Tensor x = golden.input(name + "x").requiresGrad(true);
        Tensor w = golden.input(name + "w").requiresGrad(true);
        Tensor s = golden.input(name + "s").requiresGrad(true);
        Tensor noise = golden.hasInput(name + "noise") ? golden.input(name + "noise").requiresGrad(true) : null;
        Tensor dy = golden.input(name + "dy").requiresGrad(true);
        Tensor y = forward(x, w, s, noise, config, fir);
        golden.check(name + "y", y);
        List<Tensor> inputs = new ArrayList<>(List.of(x, w, s));
        if (noise != null) {
            inputs.add(noise);
        }
        List<Tensor> first = Autograd.gradWithGraph(y.mul(dy).sum(), inputs);
        golden.check(name + "dx", first.get(0));
        golden.check(name + "dw", first.get(1));
        golden.check(name + "ds", first.get(2));
        if (noise != null) {
            golden.check(name + "dn", first.get(3));
        }
        List<Tensor> second = Autograd.grad(first.get(0).square().sum(), List.of(w, s, dy));
        golden.check(name + "L2.w", second.get(0));
        golden.check(name + "L2.s", second.get(1));
        golden.check(name + "L2.dy", second.get(2));
    }

    private static Tensor forward(Tensor x, Tensor w, Tensor s, Tensor noise, Map<String, Object> config, Fir fir) {
        int up = Configs.integer(config, "up", 1);
        Resample resample = up == 2 ? Resample.UP : Configs.integer(config, "down", 1) == 2 ? Resample.DOWN
                : Resample.NONE;
        Tensor map = noise == null || noise.rank() == 4 ? noise
                : noise.reshape(1, 1, noise.size(0), noise.size(1));
        return ModulatedConvolution.modulatedConv2d(x, ResampledConvolution.oriented(w, Configs.flag(config, "flip"),
                up), s, Configs.flag(config, "demod"), resample, resample == Resample.NONE ? null : fir, map,
                map == null ? null : Tensor.ones(1), null, BiasAct.of(Activation.LINEAR));
    }
}
