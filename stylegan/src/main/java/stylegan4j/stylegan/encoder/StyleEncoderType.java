package stylegan4j.stylegan.encoder;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;

/**
 * The classes of pSp, e4e and ReStyle.
 *
 * @param head how it makes codes
 * @param resNet whether on ResNet-34
 */
record StyleEncoderType(String officialName, Head head, boolean resNet) implements EncoderType {
    static final List<StyleEncoderType> ALL = List.of(
            new StyleEncoderType("GradualStyleEncoder", Head.PYRAMID, false),
            new StyleEncoderType("ResNetGradualStyleEncoder", Head.PYRAMID, true),
            new StyleEncoderType("Encoder4Editing", Head.PROGRESSIVE_PYRAMID, false),
            new StyleEncoderType("BackboneEncoder", Head.LAST_LEVEL, false),
            new StyleEncoderType("ResNetBackboneEncoder", Head.LAST_LEVEL, true),
            new StyleEncoderType("ProgressiveBackboneEncoder", Head.PROGRESSIVE_LAST_LEVEL, false),
            new StyleEncoderType("ResNetProgressiveBackboneEncoder", Head.PROGRESSIVE_LAST_LEVEL, true),
            new StyleEncoderType("BackboneEncoderUsingLastLayerIntoW", Head.INTO_W, false),
            new StyleEncoderType("BackboneEncoderUsingLastLayerIntoWPlus", Head.INTO_W_PLUS, false),
            new StyleEncoderType("SingleStyleCodeEncoder", Head.INTO_W, false));
    private static final String FIRST_STYLE = "styles.0.";
    private static final int PICTURE_AND_RECONSTRUCTION = 6;

    /**
     * The first class of a head and a body.
     *
     * @throws IllegalArgumentException if there is none
     */
    static StyleEncoderType of(StyleEncoderConfig config) {
        boolean resNet = config.body() instanceof ResNetBody;
        return ALL.stream().filter(type -> type.head == config.head() && type.resNet == resNet).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("encoderModel: no official encoder has the head "
                        + config.head() + " on ResNet-34"));
    }

    @Override
    public EncoderConfig config(EncoderShape shape, Generator generator) {
        int wDim = generator.config().wDim();
        IrBody ir = IrBody.IR_SE_50;
        ResNetBody wide = ResNetBody.RESNET_34;
        List<Integer> blocks = shape.blocks();
        List<Integer> widths = shape.widths();
        return new StyleEncoderConfig(resNet
                ? new ResNetBody(blocks == null ? wide.blocks() : blocks,
                        widths == null ? wide.width() : widths.getFirst(), false)
                : new IrBody(blocks == null ? ir.blocks() : blocks, widths == null ? ir.widths() : widths, true),
                head, shape.channels(), shape.side(), generator.numWs(), wDim,
                shape.styleWidth() == 0 ? wDim : shape.styleWidth());
    }

    @Override
    public EncoderConfig config(Path file, Map<String, StoredTensor> state, Map<?, ?> options, Generator generator)
            throws CheckpointException {
        return new EncoderInference(file, state, options).config(head, generator.numWs());
    }

    @Override
    public EncoderKind kind(int channels, boolean e4eOptions) {
        return switch (head) {
            case LAST_LEVEL -> EncoderKind.RESTYLE_PSP;
            case PROGRESSIVE_LAST_LEVEL -> EncoderKind.RESTYLE_E4E;
            case PROGRESSIVE_PYRAMID -> EncoderKind.E4E;
            default -> e4eOptions ? EncoderKind.E4E
                    : channels == PICTURE_AND_RECONSTRUCTION ? EncoderKind.RESTYLE_PSP : EncoderKind.PSP;
        };
    }

    /** Offsets from the first style are not offsets from the average. */
    @Override
    public boolean serves(String name, EncoderConfig wanted) {
        if (!(wanted instanceof StyleEncoderConfig other)) {
            return false;
        }
        boolean sameLevel = head.hasBlocks() && head.isPyramid() == other.head().isPyramid();
        return head == other.head() || sameLevel && name.startsWith(FIRST_STYLE);
    }
}
