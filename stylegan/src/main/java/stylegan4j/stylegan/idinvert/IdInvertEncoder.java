package stylegan4j.stylegan.idinvert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.MatMul;

/** IDInvert's domain-guided encoder (arXiv 2004.00049, section 3.1; {@code models/stylegan_encoder_network.py}). */
public final class IdInvertEncoder extends Module {
    private static final int LAST_SIDE = 4;

    private final Tensor firstWeight;
    private final double firstScale;
    private final BatchNorm firstNorm;
    private final List<ResidualUnit> units = new ArrayList<>();
    private final Tensor lastWeight;
    private final BatchNorm lastNorm;
    private final int styles;

    /**
     * @param widths channels of the first block and of each residual one; sides are halved before each of these
     * @param wDim length of a code
     * @param scaled whether weights have equalised learning rate
     * @param normalized whether there is batch normalisation
     */
    public IdInvertEncoder(List<Integer> widths, int wDim, boolean scaled, boolean normalized, Initializer init) {
        int first = widths.getFirst();
        firstWeight = parameter("block0.conv.weight", init.uniform(1 / Math.sqrt(27), first, 3, 3, 3));
        firstScale = ResidualUnit.scale(27, scaled);
        firstNorm = normalized ? child("block0.bn.bn", new BatchNorm(first)) : null;
        for (int i = 1; i < widths.size(); i++) {
            units.add(child("block" + i, new ResidualUnit(widths.get(i - 1), widths.get(i), scaled, normalized,
                    init)));
        }
        styles = 2 * widths.size();
        int in = widths.getLast() * LAST_SIDE * LAST_SIDE;
        String last = "block" + widths.size();
        lastWeight = parameter(last + ".fc.weight", init.uniform(1 / Math.sqrt(in), styles * wDim, in));
        lastNorm = normalized ? child(last + ".bn.bn", new BatchNorm(styles * wDim)) : null;
    }

    /**
     * Reads {@code <model>_encoder.pth}, as released: weights without equalised learning rate.
     *
     * @throws CheckpointException naming file and tensor, if it is not such an encoder
     */
    public static IdInvertEncoder load(Path file) throws IOException {
        return of(file, Checkpoints.read(file).tensors(), false);
    }

    /**
     * Builds and loads the encoder of these tensors.
     *
     * @param file for messages
     * @param scaled whether weights have equalised learning rate, which tensors do not tell
     */
    public static IdInvertEncoder of(Path file, Map<String, StoredTensor> state, boolean scaled)
            throws CheckpointException {
        try {
            List<Integer> widths = new ArrayList<>(List.of(StyleGan1Sizes.size(state, "block0.conv.weight", 0)));
            while (state.containsKey("block" + widths.size() + ".conv2.weight")) {
                widths.add(StyleGan1Sizes.size(state, "block" + widths.size() + ".conv2.weight", 0));
            }
            int out = StyleGan1Sizes.size(state, "block" + widths.size() + ".fc.weight", 0);
            var encoder = new IdInvertEncoder(widths, out / (2 * widths.size()), scaled,
                    state.containsKey("block0.bn.bn.weight"), Initializer.NONE);
            encoder.load(state);
            return encoder;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "expected IDInvert's encoder: " + e.getMessage());
        }
    }

    /** Side of the pictures it takes. */
    public int resolution() {
        return LAST_SIDE << units.size();
    }

    /** Pictures [N, 3, side, side] in −1…1 → codes [N, num_ws, wDim]. */
    public Tensor codes(Tensor x) {
        int side = resolution();
        if (x.rank() != 4 || x.size(1) != 3 || x.size(2) != side || x.size(3) != side) {
            throw new IllegalArgumentException("idInvert: expected pictures [N, 3, " + side + ", " + side + "], got "
                    + x.describe());
        }
        return Scope.local(() -> {
            Tensor features = block(x, units.size()).flatten(1, -1);
            Tensor codes = MatMul.linear(features.mul(1 / Math.sqrt(features.size(1))), lastWeight, null);
            return (lastNorm == null ? codes : lastNorm.forward(codes)).reshape(x.size(0), styles, -1);
        });
    }

    /** The result of one of the convolutional blocks, counted from 0. */
    public Tensor block(Tensor x, int number) {
        Tensor y = first(x);
        for (int i = 0; i < number; i++) {
            y = units.get(i).forward(Interpolation.avgPool2d(y, 2, 2, 0));
        }
        return y;
    }

    private Tensor first(Tensor x) {
        Tensor y = Convolution.conv2d(x.mul(firstScale), firstWeight, ConvGeometry.of(1, 1));
        return new Activate(StyleGan1Layer.LEAKY).forward(firstNorm == null ? y : firstNorm.forward(y));
    }
}
