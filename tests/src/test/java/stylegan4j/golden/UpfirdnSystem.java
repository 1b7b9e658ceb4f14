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

/** The operations setup_filter and upfirdn2d. */
final class UpfirdnSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        int i = 0;
        for (Map<String, Object> config : golden.configs()) {
            String name = String.format(Locale.ROOT, "c%02d.", i++);
            Fir fir = Fir.identity();
            if (config.get("f") != null) {
                Tensor taps = filter(config);
                golden.check(name + "f", taps);
                fir = new ResampleFilter(taps).fir();
            }
            int[] up = Configs.pair(config, "up");
            int[] down = Configs.pair(config, "down");
            int[] pad = Configs.padding(config, "pad");
            Tensor x = golden.input(name + "x").requiresGrad(true);
            Tensor y = Upfirdn2d.upfirdn2d(x, fir.scaled(Configs.number(config, "gain", 1)), new Upfirdn(up[1], up[0],
                    down[1], down[0], pad[2], pad[3], pad[0], pad[1], Configs.flag(config, "flip")));
            golden.check(name + "y", y);
            golden.check(name + "dx", Autograd.grad(y.mul(golden.input(name + "dy")).sum(), List.of(x)).getFirst());
        }
    }

    private static Tensor filter(Map<String, Object> config) {
        List<?> f = (List<?>) config.get("f");
        if (f.getFirst() instanceof List<?> row) {
            float[] taps = new float[f.size() * row.size()];
            for (int y = 0; y < f.size(); y++) {
                System.arraycopy(Configs.taps(f.get(y)), 0, taps, y * row.size(), row.size());
            }
            return ResampleFilter.setup2d(taps, f.size(), row.size());
        }
        return config.get("sep") == null ? ResampleFilter.setup(Configs.taps(f))
                : ResampleFilter.setup(Configs.taps(f), Configs.flag(config, "sep"));
    }
}
