package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;

/** The operation bias_act with its first and second derivatives. */
final class BiasActSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        int i = 0;
        for (Map<String, Object> config : golden.configs()) {
            String name = String.format(Locale.ROOT, "a%02d.%s.", i++, config.get("act"));
            Tensor x = golden.input(name + "x").requiresGrad(true);
            Tensor b = golden.hasInput(name + "b") ? golden.input(name + "b").requiresGrad(true) : null;
            Tensor dy = golden.input(name + "dy").requiresGrad(true);
            Tensor y = BiasActivation.biasAct(x, b, spec(config));
            golden.check(name + "y", y);
            List<Tensor> inputs = b == null ? List.of(x) : List.of(x, b);
            List<Tensor> first = Autograd.gradWithGraph(y.mul(dy).sum(), inputs);
            golden.check(name + "dx", first.getFirst());
            golden.check(name + "db", first.getLast());
            Tensor along = first.getFirst().mul(golden.input(name + "v")).sum();
            golden.check(name + "ddy", Autograd.gradWithGraph(along, List.of(dy)).getFirst());
            if (golden.wants(name + "ddx")) {
                List<Tensor> second = Autograd.grad(along, inputs);
                golden.check(name + "ddx", second.getFirst());
                golden.check(name + "ddb", second.getLast());
            }
        }
    }

    private static BiasAct spec(Map<String, Object> config) {
        Activation activation = Activation.named((String) config.get("act"));
        return new BiasAct(((Number) config.get("dim")).intValue(), activation,
                number(config.get("alpha"), activation.defaultAlpha()),
                number(config.get("gain"), activation.defaultGain()), number(config.get("clamp"), -1));
    }

    private static float number(Object value, float otherwise) {
        return value == null ? otherwise : ((Number) value).floatValue();
    }
}
