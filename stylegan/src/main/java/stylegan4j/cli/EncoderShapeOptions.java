package stylegan4j.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderShape;

/** What a new encoder is made of. */
final class EncoderShapeOptions {
    @Option(names = "--encoder_type", paramLabel = "CLASS",
            description = "Official class of the encoder (default: the method's own).")
    private String encoderType;

    @Option(names = "--input_nc", paramLabel = "N",
            description = "Channels of the input (default: 3, of ReStyle 6).")
    private Integer channels;

    @Option(names = "--input_size", paramLabel = "N",
            description = "Rows and columns of the input (default: 256, or the generator's if it makes fewer; "
                    + "idinvert the generator's).")
    private Integer side;

    @Option(names = "--body_blocks", paramLabel = "N,N,N,N", split = ",",
            description = "Blocks in each stage of the body (default: as published; idinvert has one at each side).")
    private List<Integer> blocks;

    @Option(names = "--body_widths", paramLabel = "N,N,...", split = ",",
            description = "Channels of each of the body's four stages; of idinvert at each side, from the input's down "
                    + "to 4 (default: as published).")
    private List<Integer> widths;

    @Option(names = "--style_width", paramLabel = "N", defaultValue = "0",
            description = "Channels of a style's convolutions (default: the length of a code, as published).")
    private int styleWidth;

    @Option(names = "--learn_in_w", description = "One code for all layers (pSp's ablation).")
    private boolean learnInW;

    @Option(names = "--checkpoint_path", paramLabel = "FILE", description = "Weights to begin with: a model of this "
            + "family, or ArcFace's model_ir_se50.pth; what fits is taken.")
    private Path checkpoint;

    /**
     * @param resolution rows or columns of the generator's pictures, whichever are more
     * @param taskChannels of the task's inputs; 0 for a task that says nothing of them
     */
    EncoderShape shape(EncoderKind kind, int resolution, int taskChannels) {
        String type = encoderType == null && learnInW ? "BackboneEncoderUsingLastLayerIntoW" : encoderType;
        EncoderShape official = EncoderShape.official(kind, resolution);
        int usual = taskChannels > 0 && !kind.isIterative() ? taskChannels : official.channels();
        return new EncoderShape(type, channels == null ? usual : channels,
                side == null ? official.side() : side, blocks, widths, styleWidth);
    }

    /** What to begin with, or null. */
    Path checkpoint() {
        return checkpoint;
    }
}
