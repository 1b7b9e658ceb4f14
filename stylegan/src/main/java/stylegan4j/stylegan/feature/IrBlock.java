package stylegan4j.stylegan.feature;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.nn.PReLU;
import stylegan4j.nn.Sequential;
import stylegan4j.nn.SqueezeExcite;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * The improved residual block of face recognition (arXiv 1801.07698, section 3.2.1), with or without
 * squeeze-excitation; pSp's {@code bottleneck_IR} and {@code bottleneck_IR_SE}.
 */
public final class IrBlock extends Module implements Layer {
    private static final int REDUCTION = 16;

    private final Sequential residual;
    private final Layer shortcut;

    /**
     * @param stride of the second convolution, 1 or 2
     * @param squeezeExcite whether channels are scaled at the end
     */
    public IrBlock(int in, int out, int stride, boolean squeezeExcite, Initializer init) {
        List<Layer> layers = new ArrayList<>(List.of(new BatchNorm(in),
                new Conv2d(in, out, 3, ConvGeometry.of(1, 1), false, init), new PReLU(out),
                new Conv2d(out, out, 3, ConvGeometry.of(stride, 1), false, init), new BatchNorm(out)));
        if (squeezeExcite) {
            layers.add(new SqueezeExcite(out, REDUCTION, init));
        }
        if (in == out) {
            shortcut = x -> stride == 1 ? x : x.slice(2, 0, x.size(2), stride).slice(3, 0, x.size(3), stride);
        } else {
            shortcut = child("shortcut_layer", new Sequential(
                    new Conv2d(in, out, 1, ConvGeometry.of(stride, 0), false, init), new BatchNorm(out)));
        }
        residual = child("res_layer", new Sequential(layers));
    }

    /** x [N, in, H, W] → [N, out, ⌈H/stride⌉, ⌈W/stride⌉]. */
    @Override
    public Tensor forward(Tensor x) {
        return Scope.local(() -> residual.forward(x).add(shortcut.forward(x)));
    }
}
