package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.nn.ResampleFilter;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Upfirdn2d;

/**
 * The operations upsample2d, downsample2d and filter2d. Ours have no further arguments; cases that give some are
 * computed by upfirdn2d with the official helpers' padding.
 */
final class UpfirdnHelpersSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        int i = 0;
        for (Map<String, Object> config : golden.configs()) {
            String name = String.format(Locale.ROOT, "h%02d.", i++);
            @SuppressWarnings("unchecked")
            Map<String, Object> arguments = (Map<String, Object>) config.get("k");
            Fir fir = new ResampleFilter(ResampleFilter.setup(Configs.taps(config.get("f")))).fir();
            Tensor x = golden.input(name + "x").requiresGrad(true);
            Tensor y = isPlain(arguments) ? helper((String) config.get("fn"), x, fir)
                    : general((String) config.get("fn"), x, fir, arguments);
            golden.check(name + "y", y);
            golden.check(name + "dx", Autograd.grad(y.mul(golden.input(name + "dy")).sum(), List.of(x)).getFirst());
        }
    }

    private static boolean isPlain(Map<String, Object> arguments) {
        Object factor = arguments.getOrDefault("up", arguments.getOrDefault("down", 2L));
        return factor.equals(2L) && !arguments.containsKey("padding") && !arguments.containsKey("gain")
                && !arguments.containsKey("flip_filter");
    }

    private static Tensor helper(String function, Tensor x, Fir fir) {
        return switch (function) {
            case "upsample2d" -> Upfirdn2d.upsample2d(x, fir, 2);
            case "downsample2d" -> Upfirdn2d.downsample2d(x, fir, 2);
            case "filter2d" -> Upfirdn2d.filter2d(x, fir);
            default -> throw new IllegalArgumentException(function);
        };
    }

    private static Tensor general(String function, Tensor x, Fir fir, Map<String, Object> arguments) {
        int[] up = Configs.pair(arguments, "up");
        int[] down = Configs.pair(arguments, "down");
        int[] pad = Configs.padding(arguments, "padding");
        int taps = fir.width();
        for (int axis = 0; axis < 2; axis++) {
            int before = switch (function) {
                case "upsample2d" -> (taps + up[axis] - 1) / 2;
                case "downsample2d" -> (taps - down[axis] + 1) / 2;
                default -> taps / 2;
            };
            int after = switch (function) {
                case "upsample2d" -> (taps - up[axis]) / 2;
                case "downsample2d" -> (taps - down[axis]) / 2;
                default -> (taps - 1) / 2;
            };
            pad[2 * axis] += before;
            pad[2 * axis + 1] += after;
        }
        float gain = Configs.number(arguments, "gain", 1) * up[0] * up[1];
        return Upfirdn2d.upfirdn2d(x, fir.scaled(gain), new Upfirdn(up[1], up[0], down[1], down[0], pad[2], pad[3],
                pad[0], pad[1], Configs.flag(arguments, "flip_filter")));
    }
}
