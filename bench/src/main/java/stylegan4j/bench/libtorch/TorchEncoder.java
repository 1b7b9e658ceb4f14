package stylegan4j.bench.libtorch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * pSp's encoder on IR-SE-50 as the official code performs it (eladrich/pixel2style2pixel,
 * {@code models/encoders/psp_encoders.py} and {@code helpers.py}), under the official names of parameters.
 */
public final class TorchEncoder {
    /** Blocks in each stage; the first of each halves the picture. */
    private static final List<Integer> STAGES = List.of(3, 4, 14, 3);
    private static final int MIDDLE = 3;
    private static final int FINE = 7;
    private static final long[] ONE = {1, 1};

    private final Map<String, Tensor> parameters = new HashMap<>();
    private final int styles;
    private double gflop;

    public TorchEncoder(int styles) {
        this.styles = styles;
    }

    /** Sets a parameter or a running statistic. */
    public void put(String name, float[] values, long... shape) {
        parameters.put(name, Libtorch.tensor(values, shape));
    }

    /** Multiplications and additions of the convolutions of the last {@link #forward}, in 10⁹. */
    public double gflop() {
        return gflop;
    }

    /** Pictures [N, 3, 256, 256] → codes [N, styles, 512]. */
    public Tensor forward(Tensor pictures) {
        gflop = 0;
        Tensor x = prelu(norm(conv(pictures, "input_layer.0", 1, 1), "input_layer.1"), "input_layer.2");
        Tensor fine = null;
        Tensor middle = null;
        int block = 0;
        for (int stage = 0; stage < STAGES.size(); stage++) {
            for (int i = 0; i < STAGES.get(stage); i++) {
                x = block(x, "body." + block++, i == 0 ? 2 : 1);
            }
            fine = stage == 1 ? x : fine;
            middle = stage == 2 ? x : middle;
        }
        var codes = new TensorVector();
        for (int i = 0; i < styles; i++) {
            if (i == MIDDLE) {
                x = upsampleAdd(x, conv(middle, "latlayer1", 1, 0));
            } else if (i == FINE) {
                x = upsampleAdd(x, conv(fine, "latlayer2", 1, 0));
            }
            codes.push_back(style(x, "styles." + i));
        }
        return torch.stack(codes, 1);
    }

    private Tensor block(Tensor x, String name, int stride) {
        Tensor shortcut = parameters.containsKey(name + ".shortcut_layer.0.weight")
                ? norm(conv(x, name + ".shortcut_layer.0", stride, 0), name + ".shortcut_layer.1")
                : torch.max_pool2d(x, ONE, new long[] {stride, stride}, new long[] {0, 0}, ONE, false);
        Tensor y = conv(norm(x, name + ".res_layer.0"), name + ".res_layer.1", 1, 1);
        y = conv(prelu(y, name + ".res_layer.2"), name + ".res_layer.3", stride, 1);
        y = norm(y, name + ".res_layer.4");
        Tensor scale = torch.relu(conv(torch.adaptive_avg_pool2d(y, 1, 1), name + ".res_layer.5.fc1", 1, 0));
        return y.mul(torch.sigmoid(conv(scale, name + ".res_layer.5.fc2", 1, 0))).add(shortcut);
    }

    private Tensor style(Tensor features, String name) {
        Tensor x = features;
        for (int i = 0; x.size(2) > 1; i += 2) {
            x = torch.leaky_relu(conv(x, name + ".convs." + i, 2, 1), new Scalar(0.01));
        }
        Tensor weight = parameters.get(name + ".linear.weight");
        return torch.linear(x.reshape(-1, weight.size(1)), weight.mul(new Scalar(1 / Math.sqrt(weight.size(1)))),
                new TensorOptional(parameters.get(name + ".linear.bias")));
    }

    private static Tensor upsampleAdd(Tensor x, Tensor y) {
        return torch.upsample_bilinear2d(x, new long[] {y.size(2), y.size(3)}, true).add(y);
    }

    private Tensor conv(Tensor x, String name, long stride, long pad) {
        Tensor weight = parameters.get(name + ".weight");
        Tensor bias = parameters.get(name + ".bias");
        Tensor y = torch.conv2d(x, weight, bias == null ? new TensorOptional() : new TensorOptional(bias),
                new long[] {stride, stride}, new long[] {pad, pad}, ONE, 1);
        gflop += 2e-9 * y.numel() * weight.numel() / weight.size(0);
        return y;
    }

    private Tensor norm(Tensor x, String name) {
        return torch.batch_norm(x, optional(name + ".weight"), optional(name + ".bias"),
                optional(name + ".running_mean"), optional(name + ".running_var"), false, 0.1, 1e-5, false);
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(parameters.get(name));
    }

    private Tensor prelu(Tensor x, String name) {
        return torch.prelu(x, parameters.get(name + ".weight"));
    }
}
