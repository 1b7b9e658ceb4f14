package stylegan4j.stylegan.encoder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.Body;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;

/** Tells sizes of the pSp family from an encoder's tensors: official ones, and smaller ones of the same names. */
final class EncoderInference {
    /** The option that tells blocks of each stage; files of the official code have none. */
    static final String BLOCKS = "body_blocks";
    private static final int STAGES = 4;
    private static final int LAST_STRIDE = 16;

    private final Path file;
    private final Map<String, StoredTensor> state;
    private final Map<?, ?> options;
    private final boolean resNet;

    /**
     * @param state the encoder's tensors by their official names
     * @param options the file's, which may tell the blocks in each stage of the body; else widths that change tell them
     */
    EncoderInference(Path file, Map<String, StoredTensor> state, Map<?, ?> options) {
        this.file = file;
        this.state = state;
        this.options = options;
        this.resNet = state.containsKey("conv1.weight");
    }

    /** @throws CheckpointException naming a tensor that is missing or does not fit */
    StyleEncoderConfig config(Head head, int styles) throws CheckpointException {
        int channels = size(resNet ? "conv1.weight" : "input_layer.0.weight", 4, 1);
        String linear = head.hasBlocks() ? "styles.0.linear.weight" : "linear.weight";
        int wDim = size(linear, 2, head == Head.INTO_W_PLUS ? 1 : 0);
        int styleWidth = head.hasBlocks() ? size(linear, 2, 1) : wDim;
        try {
            return new StyleEncoderConfig(body(), head, channels, side(head), styles, wDim, styleWidth);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage());
        }
    }

    /** Each block's convolution halves the map of the last level until one pixel is left. */
    private int side(Head head) {
        int halvings = 0;
        while (state.containsKey("styles.0.convs." + 2 * halvings + ".weight")) {
            halvings++;
        }
        return head.hasBlocks() ? LAST_STRIDE << Math.min(halvings, 16) : StyleEncoderConfig.OFFICIAL_SIDE;
    }

    private Body body() throws CheckpointException {
        if (!(options.get(BLOCKS) instanceof String text)) {
            return bodyByWidths();
        }
        List<Integer> stages = stages(text);
        List<Integer> widths = new ArrayList<>();
        int first = 0;
        for (int blocks : stages) {
            widths.add(size(convolution(first), 4, 0));
            first += blocks;
        }
        return body(stages, widths);
    }

    private List<Integer> stages(String text) throws CheckpointException {
        try {
            return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
        } catch (NumberFormatException e) {
            throw new CheckpointException(file, "opts: expected " + BLOCKS + " N,N,N,N, got " + text);
        }
    }

    /** Widths change from stage to stage. */
    private Body bodyByWidths() throws CheckpointException {
        List<Integer> blocks = new ArrayList<>();
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; state.containsKey(convolution(i)); i++) {
            int width = size(convolution(i), 4, 0);
            if (widths.isEmpty() || widths.getLast() != width) {
                widths.add(width);
                blocks.add(0);
            }
            blocks.set(blocks.size() - 1, blocks.getLast() + 1);
        }
        if (blocks.size() != STAGES) {
            throw new CheckpointException(file, "encoder: expected a body of " + STAGES + " stages, got blocks "
                    + blocks + " of widths " + widths);
        }
        return body(blocks, widths);
    }

    private Body body(List<Integer> blocks, List<Integer> widths) {
        return resNet ? new ResNetBody(blocks, widths.getFirst(), false)
                : new IrBody(blocks, widths, state.containsKey("body.0.res_layer.5.fc1.weight"));
    }

    private String convolution(int block) {
        return "body." + block + (resNet ? ".conv1.weight" : ".res_layer.1.weight");
    }

    private int size(String name, int rank, int dim) throws CheckpointException {
        StoredTensor tensor = state.get(name);
        if (tensor == null || tensor.shape().length != rank) {
            throw new CheckpointException(file, "encoder." + name, tensor == null ? "is missing"
                    : "expected " + rank + " dimensions, got " + tensor);
        }
        return Math.toIntExact(tensor.shape()[dim]);
    }
}
