package stylegan4j.stylegan.encoder;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.Fingerprint;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.RosinalityLayout;
import stylegan4j.tensor.Tensor;

/**
 * A file of the pSp family: options, average code, encoder and decoder in one ({@code opts}, {@code latent_avg},
 * {@code state_dict}). The official ones are torch files; a safetensors file of the same entries holds the encoder
 * alone, in half precision, and names the generator that it goes with.
 */
final class EncoderFile {
    private static final String ENCODER = "encoder.";
    private static final String DECODER = "decoder.";
    private static final String AVERAGE = RosinalityLayout.LATENT_AVG;
    private static final String TYPE = "encoder_type";
    private static final String SIZE = "output_size";
    private static final String E4E_SIZE = "stylegan_size";
    private static final String STEPS = "n_iters_per_batch";
    private static final String METHOD = "method";
    private static final String OPTIONS = "opts";
    private static final String STATE = "state_dict";
    private static final String GENERATOR = "decoder_sha256";
    private static final int SHOWN = 12;
    private static final int DEFAULT_SIZE = 1024;
    private static final int DEFAULT_STEPS = 5;

    private final Path file;
    private final Map<String, StoredTensor> state;
    private final Map<?, ?> options;
    private final StoredTensor average;
    private final String generator;

    /** A file with a decoder. */
    EncoderFile(Path file, Map<String, StoredTensor> state, Map<?, ?> options, StoredTensor average) {
        this(file, state, options, average, null);
    }

    /** @param generator fingerprint of the generator that the encoder goes with, null if the file holds a decoder */
    private EncoderFile(Path file, Map<String, StoredTensor> state, Map<?, ?> options, StoredTensor average,
                        String generator) {
        this.file = file;
        this.state = state;
        this.options = options;
        this.average = average;
        this.generator = generator;
    }

    /** @throws CheckpointException telling what the file is, if it is none of this family */
    static EncoderFile read(Path file) throws IOException {
        return of(Checkpoints.read(file));
    }

    static EncoderFile of(Checkpoint checkpoint) throws CheckpointException {
        Path file = checkpoint.file();
        Map<String, StoredTensor> state = checkpoint.tensors(STATE);
        if (checkpoint.metadata().containsKey(GENERATOR)) {
            return new EncoderFile(file, state, parsed(file, checkpoint.metadata().get(OPTIONS)),
                    checkpoint.tensors().get(AVERAGE), checkpoint.metadata().get(GENERATOR));
        }
        String other = other(checkpoint, state);
        if (other != null) {
            throw new CheckpointException(file, "expected a whole model of pSp, e4e or ReStyle, got " + other);
        }
        if (!(checkpoint.get(OPTIONS) instanceof Map<?, ?> options)) {
            throw new CheckpointException(file, "has no opts, which tell how its encoder is made");
        }
        return new EncoderFile(file, state, options, checkpoint.tensors().get(AVERAGE));
    }

    private static Map<?, ?> parsed(Path file, String options) throws CheckpointException {
        try {
            Map<?, ?> parsed = new Gson().fromJson(options, Map.class);
            return parsed == null ? Map.of() : parsed;
        } catch (JsonParseException e) {
            throw new CheckpointException(file, "malformed opts: " + e.getMessage());
        }
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

    /**
     * Builds and loads the networks in the open scope.
     *
     * @param given the generator for an encoder that is kept without one; else not looked at, and may be null
     */
    EncoderModel model(Generator given) throws CheckpointException {
        if (generator == null) {
            return with(decoder());
        }
        if (given == null) {
            throw new CheckpointException(file, "holds an encoder without its generator, which has to be given");
        }
        requireOwn(given);
        return with(given);
    }

    /** The same with a generator that was made from the encoder's own, which no fingerprint can tell. */
    EncoderModel modelFor(Generator tuned) throws CheckpointException {
        return with(tuned);
    }

    private void requireOwn(Generator given) throws CheckpointException {
        String found = Fingerprint.of(given);
        if (!found.equals(generator)) {
            throw new CheckpointException(file, "was trained for the generator " + shown(generator) + ", got "
                    + shown(found));
        }
    }

    private static String shown(String fingerprint) {
        return fingerprint.substring(0, Math.min(SHOWN, fingerprint.length())) + "...";
    }

    private EncoderModel with(Generator decoder) throws CheckpointException {
        EncoderType type = type();
        checkSize(decoder);
        int styles = decoder.numWs();
        Map<String, StoredTensor> tensors = part(ENCODER);
        EncoderConfig config = type.config(file, tensors, options, decoder);
        Encoder encoder = config.encoder(Initializer.NONE);
        try {
            encoder.load(tensors);
            return new EncoderModel(kind(type, config), encoder, decoder, average(styles, config.wDim()),
                    integer(STEPS, DEFAULT_STEPS));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "encoder: " + e.getMessage());
        }
    }

    /** Files of the official code do not name the method. */
    private EncoderKind kind(EncoderType type, EncoderConfig config) throws CheckpointException {
        if (!(options.get(METHOD) instanceof String method)) {
            return type.kind(config.channels(), options.containsKey(E4E_SIZE));
        }
        try {
            return EncoderKind.valueOf(method);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "opts: method " + method + " is not known");
        }
    }

    /** The encoder's tensors by the official names. */
    Map<String, StoredTensor> encoder() {
        return part(ENCODER);
    }

    EncoderType type() throws CheckpointException {
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

    static void write(Path file, EncoderModel model, Map<String, ?> notes) throws IOException {
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        model.encoder().save().forEach((name, tensor) -> state.put(ENCODER + name, tensor));
        NetworkWriter.rosinality(model.decoder()).forEach((name, tensor) -> state.put(DECODER + name, tensor));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(STATE, state);
        root.put(OPTIONS, options(model, notes));
        if (model.average() != null) {
            root.put(AVERAGE, stored(model.average()));
        }
        TorchZip.write(file, root);
    }

    /** The encoder alone. */
    static void writeHalf(Path file, EncoderModel model, Map<String, ?> notes) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        model.encoder().save().forEach((name, tensor) -> tensors.put(STATE + "/" + ENCODER + name, tensor.toHalf()));
        if (model.average() != null) {
            tensors.put(AVERAGE, shortened(model.average()));
        }
        Safetensors.write(file, tensors, Map.of(OPTIONS, new Gson().toJson(options(model, notes)),
                GENERATOR, Fingerprint.of(model.decoder())));
    }

    /** What rebuilds the model comes before the notes, which must not contradict it. */
    private static Map<String, Object> options(EncoderModel model, Map<String, ?> notes) {
        Map<String, Object> options = new LinkedHashMap<>(notes);
        options.put(METHOD, model.kind().name());
        EncoderConfig config = model.encoder().config();
        options.put(TYPE, config.officialName());
        options.putAll(config.options());
        options.put("input_nc", config.channels());
        options.put(model.kind() == EncoderKind.E4E ? E4E_SIZE : SIZE, model.decoder().config().imgResolution());
        options.put("start_from_latent_avg", model.average() != null);
        options.put(STEPS, model.steps());
        return options;
    }

    /** One row where all are the same, as averages of W are. */
    private static StoredTensor shortened(Tensor average) {
        Tensor first = average.slice(0, 0, 1);
        boolean same = average.sub(first).abs().max().item() == 0;
        return stored(same ? first.contiguous() : average);
    }

    private static StoredTensor stored(Tensor average) {
        return StoredTensor.of(average.toArray(), average.size(0), average.size(1));
    }
}
