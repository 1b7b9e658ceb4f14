package stylegan4j.stylegan.feature;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** A block of ResNet (arXiv 1512.03385): two 3×3 convolutions, or one between two of 1×1 (torchvision's names). */
public final class ResidualBlock extends Module implements Layer {
    /** Output channels of a bottleneck for each in its middle. */
    static final int EXPANSION = 4;

    /** A convolution without bias, and the normalisation after it. */
    private record Step(Conv2d convolution, BatchNorm norm) {
    }

    private final List<Step> steps = new ArrayList<>();
    private final Sequential shortcut;

    private ResidualBlock(int in, int[] widths, int[] kernels, int[] strides, Initializer init) {
        int channels = in;
        int stride = 1;
        for (int i = 0; i < widths.length; i++) {
            Conv2d convolution = new Conv2d(channels, widths[i], kernels[i],
                    ConvGeometry.of(strides[i], kernels[i] / 2), false, init);
            steps.add(new Step(child("conv" + (i + 1), convolution),
                    child("bn" + (i + 1), new BatchNorm(widths[i]))));
            channels = widths[i];
            stride *= strides[i];
        }
        shortcut = stride == 1 && in == channels ? null : child("downsample", new Sequential(
                new Conv2d(in, channels, 1, ConvGeometry.of(stride, 0), false, init), new BatchNorm(channels)));
    }

    /** Two 3×3 convolutions, the first with the stride. */
    public static ResidualBlock basic(int in, int width, int stride, Initializer init) {
        return new ResidualBlock(in, new int[] {width, width}, new int[] {3, 3}, new int[] {stride, 1}, init);
    }

    /** The stride is the 3×3 convolution's, as torchvision has it; there are four times as many channels in the end. */
    public static ResidualBlock bottleneck(int in, int width, int stride, Initializer init) {
        return new ResidualBlock(in, new int[] {width, width, EXPANSION * width}, new int[] {1, 3, 1},
                new int[] {1, stride, 1}, init);
    }

    /** x [N, in, H, W] → [N, out, ⌈H/stride⌉, ⌈W/stride⌉]. */
    @Override
    public Tensor forward(Tensor x) {
        return Scope.local(() -> {
            Tensor y = x;
            for (Step step : steps) {
                boolean last = step == steps.getLast();
                y = step.convolution.forward(y, step.norm, last ? Activate.LINEAR : Activate.RELU.spec());
            }
            return y.add(shortcut == null ? x : shortcut.forward(x)).relu();
        });
    }
}
