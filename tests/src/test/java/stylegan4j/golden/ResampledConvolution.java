package stylegan4j.golden;

import java.util.Map;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.Upfirdn2d;

/** conv2d_resample with all its arguments: by the layers' operation where that has them, else in plain steps. */
final class ResampledConvolution {
    private static final BiasAct LINEAR = BiasAct.of(Activation.LINEAR);

    private ResampledConvolution() {
    }

    static Tensor of(Tensor x, Tensor weight, Fir fir, Map<String, Object> config) {
        int up = Configs.integer(config, "up", 1);
        int down = Configs.integer(config, "down", 1);
        int groups = Configs.integer(config, "groups", 1);
        int k = weight.size(2);
        int[] pad = Configs.padding(config, "pad");
        boolean same = pad[0] == k / 2 && pad[1] == k / 2 && pad[2] == k / 2 && pad[3] == k / 2;
        if (same && groups == 1 && up * down <= 2 && !Configs.flag(config, "flip_filter")) {
            Resample resample = up == 2 ? Resample.UP : down == 2 ? Resample.DOWN : Resample.NONE;
            return FusedConvolution.conv2d(x, oriented(weight, Configs.flag(config, "flip"), up), resample,
                    resample == Resample.NONE ? null : fir, FusedConvolution.Operation.PLAIN, LINEAR);
        }
        return inSteps(x, weight, fir, config, pad);
    }

    /** Without resampling or down, weights correlate; up, they are those of the transposed convolution. */
    static Tensor oriented(Tensor weight, boolean correlate, int up) {
        return correlate == (up == 1) ? weight : weight.flip(2, 3);
    }

    private static Tensor inSteps(Tensor x, Tensor weight, Fir fir, Map<String, Object> config, int[] pad) {
        int up = Configs.integer(config, "up", 1);
        int down = Configs.integer(config, "down", 1);
        boolean correlate = Configs.flag(config, "flip_filter");
        int taps = fir.width();
        int before = (up > 1 ? (taps + up - 1) / 2 : 0) + (down > 1 ? (taps - down + 1) / 2 : 0);
        int after = (up > 1 ? (taps - up) / 2 : 0) + (down > 1 ? (taps - down) / 2 : 0);
        Tensor wide = Upfirdn2d.upfirdn2d(x, up > 1 ? fir.scaled(up * up) : Fir.identity(), new Upfirdn(up, up, 1, 1,
                pad[2] + before, pad[3] + after, pad[0] + before, pad[1] + after, correlate));
        Tensor y = Convolution.conv2d(wide, Configs.flag(config, "flip") ? weight : weight.flip(2, 3),
                ConvGeometry.of(1, 0).withGroups(Configs.integer(config, "groups", 1)));
        return down == 1 ? y
                : Upfirdn2d.upfirdn2d(y, fir, new Upfirdn(1, 1, down, down, 0, 0, 0, 0, correlate));
    }
}
