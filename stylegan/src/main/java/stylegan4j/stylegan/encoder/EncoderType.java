package stylegan4j.stylegan.encoder;

import java.util.Arrays;
import java.util.List;
import stylegan4j.stylegan.encoder.EncoderConfig.Head;
import stylegan4j.stylegan.feature.ResNetBody;

/**
 * The official classes of encoders, which files name as {@code encoder_type}.
 *
 * @param officialName the class
 * @param head how it makes codes
 * @param resNet whether on ResNet-34
 */
public record EncoderType(String officialName, Head head, boolean resNet) {
    private static final EncoderType[] TYPES = {
        new EncoderType("GradualStyleEncoder", Head.PYRAMID, false),
        new EncoderType("ResNetGradualStyleEncoder", Head.PYRAMID, true),
        new EncoderType("Encoder4Editing", Head.PROGRESSIVE_PYRAMID, false),
        new EncoderType("BackboneEncoder", Head.LAST_LEVEL, false),
        new EncoderType("ResNetBackboneEncoder", Head.LAST_LEVEL, true),
        new EncoderType("ProgressiveBackboneEncoder", Head.PROGRESSIVE_LAST_LEVEL, false),
        new EncoderType("ResNetProgressiveBackboneEncoder", Head.PROGRESSIVE_LAST_LEVEL, true),
        new EncoderType("BackboneEncoderUsingLastLayerIntoW", Head.INTO_W, false),
        new EncoderType("BackboneEncoderUsingLastLayerIntoWPlus", Head.INTO_W_PLUS, false),
        new EncoderType("SingleStyleCodeEncoder", Head.INTO_W, false)};
    private static final int PICTURE_AND_RECONSTRUCTION = 6;

    /** All official names. */
    public static List<String> names() {
        return Arrays.stream(TYPES).map(EncoderType::officialName).toList();
    }

    /** The type of this official name, or null. */
    public static EncoderType named(String name) {
        for (EncoderType type : TYPES) {
            if (type.officialName.equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The first type of a model's head and body. */
    static EncoderType of(EncoderModel model) {
        EncoderConfig config = model.encoder().config();
        boolean resNet = config.body() instanceof ResNetBody;
        for (EncoderType type : TYPES) {
            if (type.head == config.head() && type.resNet == resNet) {
                return type;
            }
        }
        throw new IllegalArgumentException("encoderModel: no official encoder has the head " + config.head()
                + " on ResNet-34");
    }

    /**
     * The method it serves.
     *
     * @param e4eOptions whether the file's options are those of e4e's code
     */
    EncoderKind kind(int channels, boolean e4eOptions) {
        return switch (head) {
            case LAST_LEVEL -> EncoderKind.RESTYLE_PSP;
            case PROGRESSIVE_LAST_LEVEL -> EncoderKind.RESTYLE_E4E;
            case PROGRESSIVE_PYRAMID -> EncoderKind.E4E;
            default -> e4eOptions ? EncoderKind.E4E
                    : channels == PICTURE_AND_RECONSTRUCTION ? EncoderKind.RESTYLE_PSP : EncoderKind.PSP;
        };
    }
}
