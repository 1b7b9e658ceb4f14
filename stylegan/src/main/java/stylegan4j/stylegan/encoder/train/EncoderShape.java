package stylegan4j.stylegan.encoder.train;

import java.util.List;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.encoder.EncoderConfig;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderType;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;

/**
 * What a new encoder is made of: one of the official classes, as large as published or smaller.
 *
 * @param encoderType the official class, null for the method's own
 * @param channels of the input
 * @param side of the input; official encoders have 256
 * @param blocks of each stage of the body; null for the published ones
 * @param widths of each stage; null for the published ones; of ResNets only the first counts
 * @param styleWidth channels of map2style's convolutions, 0 for as many as a code has numbers
 */
public record EncoderShape(String encoderType, int channels, int side, List<Integer> blocks, List<Integer> widths,
                           int styleWidth) {
    /** The published encoder of a method. */
    public static EncoderShape official(EncoderKind kind) {
        return new EncoderShape(null, kind.isIterative() ? 6 : 3, EncoderConfig.OFFICIAL_SIDE, null, null, 0);
    }

    /** @throws IllegalArgumentException if there is no encoder of this class, or numbers are out of range */
    EncoderConfig config(EncoderKind kind, Generator generator) {
        EncoderType type = EncoderType.named(encoderType != null ? encoderType : defaultType(kind));
        if (type == null) {
            throw new IllegalArgumentException("encoder_type: expected one of " + EncoderType.names() + ", got "
                    + encoderType);
        }
        int wDim = generator.config().wDim();
        IrBody ir = IrBody.IR_SE_50;
        ResNetBody resNet = ResNetBody.RESNET_34;
        return new EncoderConfig(type.resNet()
                ? new ResNetBody(blocks == null ? resNet.blocks() : blocks,
                        widths == null ? resNet.width() : widths.getFirst(), false)
                : new IrBody(blocks == null ? ir.blocks() : blocks, widths == null ? ir.widths() : widths, true),
                type.head(), channels, side, generator.numWs(), wDim, styleWidth == 0 ? wDim : styleWidth);
    }

    private static String defaultType(EncoderKind kind) {
        return switch (kind) {
            case PSP, IDINVERT -> "GradualStyleEncoder";
            case E4E -> "Encoder4Editing";
            case RESTYLE_PSP -> "BackboneEncoder";
            case RESTYLE_E4E -> "ProgressiveBackboneEncoder";
        };
    }
}
