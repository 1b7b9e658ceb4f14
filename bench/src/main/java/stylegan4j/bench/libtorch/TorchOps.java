package stylegan4j.bench.libtorch;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * StyleGAN2's operations as the official PyTorch code performs them on a CPU (NVlabs stylegan2-ada-pytorch,
 * {@code torch_utils/ops} reference paths and {@code training/networks.py}), call for call, so that the peer costs
 * what a user of the official code pays.
 */
public final class TorchOps {
    private static final long[] ONE = {1, 1};
    private static final long[] TWO = {2, 2};
    private static final long[] ZERO = {0, 0};

    private TorchOps() {
    }

    /** A stride-1 convolution with "same" padding: x [N, C, H, W], weight [O, C/groups, k, k] → [N, O, H, W]. */
    public static Tensor conv2d(Tensor x, Tensor weight, long groups) {
        long pad = weight.size(-1) / 2;
        return torch.conv2d(x, weight, new TensorOptional(), ONE, new long[] {pad, pad}, ONE, groups);
    }

    /** The gradient of {@link #conv2d} (one group) in its input, or in its weight; dy [N, O, H, W]. */
    public static Tensor convBackward(Tensor dy, Tensor x, Tensor weight, boolean inInput) {
        long pad = weight.size(-1) / 2;
        var wanted = new BoolPointer(3).put(0, inInput).put(1, !inInput).put(2, false);
        var gradients = torch.convolution_backward(dy, x, weight, new LongArrayRefOptional(), ONE,
                new long[] {pad, pad}, ONE, false, ZERO, 1, wanted);
        return inInput ? gradients.get0() : gradients.get1();
    }

    /**
     * Zero insertion, padding, a depthwise correlation with the flipped filter, decimation.
     *
     * @param x [N, C, H, W]
     * @param filter [h, w]
     * @param before zeros in front of each row and column
     * @param after zeros behind each row and column
     */
    public static Tensor upfirdn2d(Tensor x, Tensor filter, int up, int down, int before, int after, double gain) {
        long n = x.size(0);
        long channels = x.size(1);
        long height = x.size(2);
        long width = x.size(3);
        Tensor padded = x.reshape(n, channels, height, 1, width, 1);
        padded = torch.pad(padded, 0, up - 1, 0, 0, 0, up - 1);
        padded = padded.reshape(n, channels, height * up, width * up);
        padded = torch.pad(padded, before, after, before, after);
        Tensor kernel = filter.mul(new Scalar(gain)).flip(0, 1).unsqueeze(0).unsqueeze(0).repeat(channels, 1, 1, 1);
        Tensor y = torch.conv2d(padded, kernel, new TensorOptional(), ONE, ZERO, ONE, channels);
        return down == 1 ? y : every(every(y, 2, down), 3, down);
    }

    private static Tensor every(Tensor x, int dim, int step) {
        return x.slice(dim, null, null, step);
    }

    /** The picture at twice its size; the filter's gain makes up for the inserted zeros. */
    public static Tensor upsample2d(Tensor image, Tensor filter) {
        return upfirdn2d(image, filter, 2, 1, 2, 1, 4);
    }

    /**
     * The grouped-convolution form: each sample's own weight w·s, demodulated, and one convolution with a group a
     * sample. With {@code up = 2} a transposed convolution and the low-pass filter.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C, k, k]
     * @param styles [N, C]
     * @param noise [H·up, W·up], or null
     * @param filter [4, 4], read for {@code up = 2}
     * @return [N, O, H·up, W·up]
     */
    public static Tensor modulatedConv2d(Tensor x, Tensor weight, Tensor styles, Tensor noise, int up, Tensor filter,
                                         boolean demodulate) {
        long n = x.size(0);
        long out = weight.size(0);
        long in = weight.size(1);
        long k = weight.size(2);
        Tensor w = weight.unsqueeze(0).mul(styles.reshape(n, 1, -1, 1, 1));
        if (demodulate) {
            Tensor demodulation = w.square().sum(2, 3, 4).add(new Scalar(1e-8)).rsqrt();
            w = w.mul(demodulation.reshape(n, -1, 1, 1, 1));
        }
        Tensor grouped = x.reshape(1, -1, x.size(2), x.size(3));
        w = w.reshape(-1, in, k, k);
        Tensor y = up == 1 ? conv2d(grouped, w, n) : upConv2d(grouped, w, n, filter);
        y = y.reshape(n, out, y.size(2), y.size(3));
        return noise == null ? y : y.add_(noise);
    }

    private static Tensor upConv2d(Tensor x, Tensor weight, long groups, Tensor filter) {
        long out = weight.size(0) / groups;
        long in = weight.size(1);
        long k = weight.size(2);
        Tensor transposed = groups == 1 ? weight.transpose(0, 1)
                : weight.reshape(groups, out, in, k, k).transpose(1, 2).reshape(groups * in, out, k, k);
        Tensor y = torch.conv_transpose2d(x, transposed, new TensorOptional(), TWO, ZERO, ZERO, groups, ONE);
        return upfirdn2d(y, filter, 1, 1, 1, 1, 4);
    }

    /** {@code √2 · lrelu(x + b)} with slope 0.2; x [N, C, H, W], bias [C]. */
    public static Tensor biasLrelu(Tensor x, Tensor bias) {
        return torch.leaky_relu(addBias(x, bias), new Scalar(0.2)).mul(new Scalar(Math.sqrt(2)));
    }

    /** {@code x + b}; x [N, C, H, W], bias [C]. */
    public static Tensor addBias(Tensor x, Tensor bias) {
        return x.add(bias.reshape(1, -1, 1, 1));
    }

    /** {@code x · (weight / √in)ᵀ + bias}; x [N, in], weight [out, in], bias [out]. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        Tensor scaled = weight.mul(new Scalar(1 / Math.sqrt(weight.size(1))));
        return torch.addmm(bias.unsqueeze(0), x, scaled.t());
    }
}
