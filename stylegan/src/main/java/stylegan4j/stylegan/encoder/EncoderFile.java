package stylegan4j.stylegan.encoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.RosinalityLayout;
import stylegan4j.tensor.Tensor;

/**
 * An official file of the pSp family: options, average code, encoder and decoder in one ({@code opts},
 * {@code latent_avg}, {@code state_dict}).
 */
final class EncoderFile {
    private static final String ENCODER = "encoder.";
    private static final String DECODER = "decoder.";
    private static final String AVERAGE = RosinalityLayout.LATENT_AVG;
    private static final String TYPE = "encoder_type";
    private static final String SIZE = "output_size";
    private static final String E4E_SIZE = "stylegan_size";
    private static final String STEPS = "n_iters_per_batch";
    private static final int DEFAULT_SIZE = 1024;
    private static final int DEFAULT_STEPS = 5;

    private final Path file;
    private final Map<String, StoredTensor> state;
    private final Map<?, ?> options;
    private final StoredTensor average;

    EncoderFile(Path file, Map<String, StoredTensor> state, Map<?, ?> options, StoredTensor average) {
        this.file = file;
        this.state = state;
        this.options = options;
        this.average = average;
    }

    /** @throws CheckpointException telling what the file is, if it is none of this family */
    static EncoderFile read(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        Map<String, StoredTensor> state = checkpoint.tensors("state_dict");
        String other = other(checkpoint, state);
        if (other != null) {
            throw new CheckpointException(file, "expected a whole model of pSp, e4e or ReStyle, got " + other);
        }
        if (!(checkpoint.get("opts") instanceof Map<?, ?> options)) {
            throw new CheckpointException(file, "has no opts, which tell how its encoder is made");
        }
        return new EncoderFile(file, state, options, checkpoint.tensors().get(AVERAGE));
    }

    /** What else the file is, or null. */
    private static String other(Checkpoint checkpoint, Map<String, StoredTensor> state) throws CheckpointException {
        if (has(state, "hypernet.")) {
            return "HyperStyle's hypernetwork";
        }
        if (has(state, "encoder.module.")) {
            return has(state, "classifier.") ? "StyleTransformer's reference editing" : "StyleTransformer";
        }
        if (has(state, ENCODER) && has(state, DECODER)) {
            return null;
        }
        if (has(checkpoint.tensors(), "block0.conv.")) {
            return "IDInvert's encoder, which comes without a generator";
        }
        if (has(checkpoint.tensors(), "input_layer.")) {
            return "a face recognition network, or an encoder without its decoder";
        }
        var parts = NetworkPart.of(checkpoint);
        return parts.isEmpty() ? "something else" : "a " + parts.getFirst().kind();
    }

    private static boolean has(Map<String, StoredTensor> state, String prefix) {
        return state.keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    /** Builds and loads both networks in the open scope. */
    EncoderModel model() throws CheckpointException {
        EncoderType type = type();
        Generator decoder = decoder();
        checkSize(decoder);
        int styles = decoder.numWs();
        Map<String, StoredTensor> tensors = part(ENCODER);
        EncoderConfig config = new EncoderInference(file, tensors).config(type.head(), styles);
        StyleEncoder encoder = new StyleEncoder(config, Initializer.NONE);
        try {
            encoder.load(tensors);
            return new EncoderModel(type.kind(config.channels(), options.containsKey(E4E_SIZE)), encoder, decoder,
                    average(styles, config.wDim()), integer(STEPS, DEFAULT_STEPS));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "encoder: " + e.getMessage());
        }
    }

    private EncoderType type() throws CheckpointException {
        String name = options.get(TYPE) instanceof String value ? value : "GradualStyleEncoder";
        EncoderType type = EncoderType.named(name);
        if (type == null) {
            throw new CheckpointException(file, "opts: encoder_type " + name + " is not known");
        }
        return type;
    }

    private Generator decoder() throws CheckpointException {
        Map<String, StoredTensor> tensors = part(DECODER);
        StoredTensor bias = tensors.get(RosinalityLayout.FIRST_BIAS);
        int wDim = bias == null ? 0 : Math.toIntExact(bias.elements());
        return new NetworkPart(file, "decoder", NetworkPart.Kind.GENERATOR, Layout.ROSINALITY, tensors, null)
                .generator(Map.of("mapping.w_avg", StoredTensor.of(firstAverage(wDim), wDim)));
    }

    /** The decoder's size against what the options say. */
    private void checkSize(Generator decoder) throws CheckpointException {
        int size = integer(SIZE, integer(E4E_SIZE, DEFAULT_SIZE));
        if (decoder.config().imgResolution() != size) {
            throw new CheckpointException(file, "opts say an output of " + size + " pixels, the decoder makes "
                    + decoder.config().imgResolution());
        }
    }

    private Map<String, StoredTensor> part(String prefix) {
        Map<String, StoredTensor> part = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return part;
    }

    /** The first row of the average code, or zeros where there is none. */
    private float[] firstAverage(int wDim) {
        float[] first = new float[wDim];
        if (average != null && average.elements() >= wDim) {
            System.arraycopy(average.toFloats(), 0, first, 0, wDim);
        }
        return first;
    }

    /** [styles, wDim]; one row stands for all. Null if codes are not meant to start from an average. */
    private Tensor average(int styles, int wDim) throws CheckpointException {
        if (average == null) {
            if (Boolean.FALSE.equals(options.get("start_from_latent_avg"))) {
                return null;
            }
            throw new CheckpointException(file, "has no latent_avg, from which its codes start");
        }
        long rows = average.elements() / wDim;
        if (average.elements() % wDim != 0 || rows != 1 && rows != styles) {
            throw new CheckpointException(file, AVERAGE, "expected [" + styles + ", " + wDim + "] or [1, " + wDim
                    + "], got " + average);
        }
        return Tensor.of(average.toFloats(), (int) rows, wDim).expand(styles, wDim).contiguous();
    }

    private int integer(String key, int otherwise) {
        return options.get(key) instanceof Number value ? value.intValue() : otherwise;
    }

    static void write(Path file, EncoderModel model) throws IOException {
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        model.encoder().save().forEach((name, tensor) -> state.put(ENCODER + name, tensor));
        NetworkWriter.rosinality(model.decoder()).forEach((name, tensor) -> state.put(DECODER + name, tensor));
        Map<String, Object> options = new LinkedHashMap<>();
        options.put(TYPE, EncoderType.of(model).officialName());
        options.put("input_nc", model.encoder().config().channels());
        options.put(model.kind() == EncoderKind.E4E ? E4E_SIZE : SIZE, model.decoder().config().imgResolution());
        options.put("start_from_latent_avg", model.average() != null);
        options.put(STEPS, model.steps());
        Map<String, Object> root = new LinkedHashMap<>(Map.of("state_dict", state, "opts", options));
        if (model.average() != null) {
            float[] average = model.average().toArray();
            root.put(AVERAGE, StoredTensor.of(average, model.average().size(0), model.average().size(1)));
        }
        TorchZip.write(file, root);
    }
}
