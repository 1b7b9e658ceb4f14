package stylegan4j.stylegan.encoder;

import java.util.List;
import stylegan4j.stylegan.Generator;

/**
 * What a new encoder is made of: one of the official classes, as large as published or smaller.
 *
 * @param encoderType the official class, null for the method's own
 * @param channels of the input
 * @param side of the input; official encoders have 256, IDInvert's as many pixels as the generator makes
 * @param blocks of each stage of the body; null for the published ones; IDInvert's has no such stages
 * @param widths of each stage, of IDInvert's at each side from the input's down to 4; null for the published ones; of
 *     ResNets only the first counts
 * @param styleWidth channels of map2style's convolutions, 0 for as many as a code has numbers; IDInvert's has none
 */
public record EncoderShape(String encoderType, int channels, int side, List<Integer> blocks, List<Integer> widths,
                           int styleWidth) {
    /** The published encoder of a method, for a generator of this many rows and columns at most. */
    public static EncoderShape official(EncoderKind kind, int resolution) {
        int side = kind == EncoderKind.IDINVERT ? resolution : Math.min(StyleEncoderConfig.OFFICIAL_SIDE, resolution);
        return new EncoderShape(null, kind.isIterative() ? 6 : 3, side, null, null, 0);
    }

    /**
     * The sizes of an encoder for a generator.
     *
     * @throws IllegalArgumentException if there is no encoder of this class, it has not what the shape says, or numbers
     *     are out of range
     */
    public EncoderConfig config(EncoderKind kind, Generator generator) {
        EncoderType type = EncoderType.named(encoderType != null ? encoderType : defaultType(kind));
        if (type == null) {
            throw new IllegalArgumentException("encoder_type: expected one of " + EncoderType.names() + ", got "
                    + encoderType);
        }
        return type.config(this, generator);
    }

    private static String defaultType(EncoderKind kind) {
        return switch (kind) {
            case PSP -> "GradualStyleEncoder";
            case E4E -> "Encoder4Editing";
            case RESTYLE_PSP -> "BackboneEncoder";
            case RESTYLE_E4E -> "ProgressiveBackboneEncoder";
            case IDINVERT -> IdInvertConfig.OFFICIAL_NAME;
        };
    }
}
