package stylegan4j.stylegan.encoder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;

/** IDInvert's class: a residual network, and one linear layer that makes all codes of its last map. */
enum IdInvertType implements EncoderType {
    INSTANCE;

    /** The first tensor of such an encoder. */
    static final String FIRST = "block0.conv.weight";
    private static final int MOST_HALVINGS = 16;

    @Override
    public String officialName() {
        return IdInvertConfig.OFFICIAL_NAME;
    }

    @Override
    public EncoderConfig config(EncoderShape shape, Generator generator) {
        require(generator.config().height() == generator.config().width(), "takes square pictures, the generator makes "
                + generator.config().height() + " rows of " + generator.config().width());
        require(shape.blocks() == null, "has one block at each side: body_blocks mean nothing, got " + shape.blocks());
        require(shape.styleWidth() == 0, "has no blocks for styles: style_width means nothing, got "
                + shape.styleWidth());
        List<Integer> official = IdInvertConfig.officialWidths(shape.side());
        List<Integer> widths = shape.widths() == null ? official : shape.widths();
        require(widths.size() == official.size(), "halves " + shape.side() + " pixels down to 4: expected "
                + official.size() + " body_widths, got " + widths);
        return new IdInvertConfig(widths, shape.channels(), generator.numWs(), generator.config().wDim(), false, true);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(IdInvertConfig.OFFICIAL_NAME + " " + message);
        }
    }

    @Override
    public EncoderConfig config(Path file, Map<String, StoredTensor> state, Map<?, ?> options, Generator generator)
            throws CheckpointException {
        int styles = generator.numWs();
        int wDim = generator.config().wDim();
        List<Integer> widths = widths(file, state);
        int numbers = numbers(file, state, widths);
        if (numbers != styles * wDim) {
            throw new CheckpointException(file, "the encoder makes codes of " + numbers
                    + " numbers, the generator takes [" + styles + ", " + wDim + "]");
        }
        return config(file, state, widths, styles, wDim, Boolean.TRUE.equals(options.get(IdInvertConfig.SCALED)));
    }

    /**
     * The sizes of an encoder that is kept alone, with as many codes as a generator of its input's size takes.
     *
     * @param scaled whether weights have equalised learning rate, which tensors do not tell
     */
    static IdInvertConfig config(Path file, Map<String, StoredTensor> state, boolean scaled)
            throws CheckpointException {
        List<Integer> widths = widths(file, state);
        int styles = 2 * widths.size();
        return config(file, state, widths, styles, numbers(file, state, widths) / styles, scaled);
    }

    private static IdInvertConfig config(Path file, Map<String, StoredTensor> state, List<Integer> widths, int styles,
                                         int wDim, boolean scaled) throws CheckpointException {
        try {
            return new IdInvertConfig(widths, size(file, state, FIRST, 4, 1), styles, wDim, scaled,
                    state.containsKey("block0.bn.bn.weight"));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage());
        }
    }

    private static List<Integer> widths(Path file, Map<String, StoredTensor> state) throws CheckpointException {
        List<Integer> widths = new ArrayList<>(List.of(size(file, state, FIRST, 4, 0)));
        while (widths.size() <= MOST_HALVINGS && state.containsKey(second(widths.size()))) {
            widths.add(size(file, state, second(widths.size()), 4, 0));
        }
        return widths;
    }

    /** How many numbers all codes of a picture have. */
    private static int numbers(Path file, Map<String, StoredTensor> state, List<Integer> widths)
            throws CheckpointException {
        return size(file, state, "block" + widths.size() + ".fc.weight", 2, 0);
    }

    private static String second(int block) {
        return "block" + block + ".conv2.weight";
    }

    private static int size(Path file, Map<String, StoredTensor> state, String name, int rank, int dim)
            throws CheckpointException {
        StoredTensor tensor = state.get(name);
        if (tensor == null || tensor.shape().length != rank) {
            throw new CheckpointException(file, "expected IDInvert's encoder: " + (tensor == null ? "no " + name
                    : name + " is " + tensor));
        }
        return Math.toIntExact(tensor.shape()[dim]);
    }

    @Override
    public EncoderKind kind(int channels, boolean e4eOptions) {
        return EncoderKind.IDINVERT;
    }

    @Override
    public boolean serves(String name, EncoderConfig wanted) {
        return wanted instanceof IdInvertConfig;
    }
}
