package stylegan4j.stylegan.encoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.MatMul;

/**
 * IDInvert's domain-guided encoder (arXiv 2004.00049, section 3.1;
 * {@code models/stylegan_encoder_network.py}). Names of parameters are the official ones.
 */
public final class IdInvertEncoder extends Encoder {
    /** Initial weights of the official training code ({@code training/networks_encoder.py}: get_weight). */
    static final double DEVIATION = 0.02;

    private final IdInvertConfig config;
    private final Tensor firstWeight;
    private final double firstScale;
    private final BatchNorm firstNorm;
    private final List<ResidualUnit> units = new ArrayList<>();
    private final Tensor lastWeight;
    private final BatchNorm lastNorm;

    public IdInvertEncoder(IdInvertConfig config, Initializer init) {
        this.config = config;
        List<Integer> widths = config.widths();
        boolean scaled = config.scaled();
        boolean normalized = config.normalized();
        int first = widths.getFirst();
        firstWeight = parameter("block0.conv.weight", init.scaledNormal(DEVIATION, first, config.channels(), 3, 3));
        firstScale = ResidualUnit.scale(9 * config.channels(), scaled);
        firstNorm = normalized ? child("block0.bn.bn", new BatchNorm(first)) : null;
        for (int i = 1; i < widths.size(); i++) {
            units.add(child("block" + i, new ResidualUnit(widths.get(i - 1), widths.get(i), scaled, normalized,
                    init)));
        }
        int out = config.styles() * config.wDim();
        int in = widths.getLast() * IdInvertConfig.LAST_SIDE * IdInvertConfig.LAST_SIDE;
        String last = "block" + widths.size();
        lastWeight = parameter(last + ".fc.weight", init.scaledNormal(DEVIATION, out, in));
        lastNorm = normalized ? child(last + ".bn.bn", new BatchNorm(out)) : null;
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
        IdInvertEncoder encoder = new IdInvertEncoder(IdInvertType.config(file, state, scaled), Initializer.NONE);
        try {
            encoder.load(state);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "expected IDInvert's encoder: " + e.getMessage());
        }
        return encoder;
    }

    @Override
    public IdInvertConfig config() {
        return config;
    }

    /** {@inheritDoc} All codes are always there. */
    @Override
    public Tensor codes(Tensor x, int stage) {
        int side = config.side();
        if (x.rank() != 4 || x.size(1) != config.channels() || x.size(2) != side || x.size(3) != side) {
            throw new IllegalArgumentException("idInvert: expected pictures [N, " + config.channels() + ", " + side
                    + ", " + side + "], got " + x.describe());
        }
        return Scope.local(() -> {
            Tensor features = block(x, units.size()).flatten(1, -1);
            Tensor codes = MatMul.linear(features.mul(1 / Math.sqrt(features.size(1))), lastWeight, null);
            return (lastNorm == null ? codes : lastNorm.forward(codes))
                    .reshape(x.size(0), config.styles(), config.wDim());
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
        return ResidualUnit.LEAKY.forward(firstNorm == null ? y : firstNorm.forward(y));
    }
}
