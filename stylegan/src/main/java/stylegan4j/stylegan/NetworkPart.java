package stylegan4j.stylegan;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.NvlabsNetwork;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.layout.Layout;

/**
 * A network in a checkpoint, recognised but not yet built.
 *
 * @param file the checkpoint's
 * @param key its name in the checkpoint, for example {@code G_ema}; empty if it is the whole file
 * @param kind what it is
 * @param layout how its tensors are named; null for kinds that cannot be built
 * @param state its tensors by the file's names
 * @param kwargs its constructor's arguments, or null if the file does not tell
 */
public record NetworkPart(Path file, String key, Kind kind, Layout layout, Map<String, StoredTensor> state,
                          Map<String, ?> kwargs) {
    /** Where files of ours keep constructor arguments, by the network's key. */
    static final String CONFIG = "config";
    /** Before the names of a generator's tensors in models of pSp's family. */
    private static final String DECODER = "decoder.";

    /** What a network is. */
    public enum Kind {
        GENERATOR("StyleGAN2 generator"),
        DISCRIMINATOR("StyleGAN2 discriminator"),
        STYLEGAN3("StyleGAN3 generator");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** For example {@code StyleGAN2 generator}. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * The networks of a checkpoint, in its order; empty if we know none of what it holds.
     *
     * @throws CheckpointException if constructor arguments are there but not to be read
     */
    public static List<NetworkPart> of(Checkpoint checkpoint) throws CheckpointException {
        List<NetworkPart> parts = new ArrayList<>();
        Map<String, NvlabsNetwork> pickled = NvlabsNetwork.of(checkpoint);
        if (!pickled.isEmpty()) {
            pickled.forEach((key, network) -> add(parts, checkpoint, key, network.state(), network.initKwargs()));
            return parts;
        }
        Map<String, ?> configs = configs(checkpoint);
        byKey(checkpoint.tensors()).forEach((key, state) ->
                add(parts, checkpoint, key, state, configs.get(key) instanceof Map<?, ?> map ? kwargs(map) : null));
        return parts;
    }

    private static void add(List<NetworkPart> parts, Checkpoint checkpoint, String key,
                            Map<String, StoredTensor> state, Map<String, ?> kwargs) {
        var names = state.keySet();
        if (names.stream().anyMatch(name -> name.startsWith(DECODER))) {
            add(parts, checkpoint, key, decoder(state), kwargs);
            return;
        }
        if (names.contains("synthesis.input.freqs")) {
            parts.add(new NetworkPart(checkpoint.file(), key, Kind.STYLEGAN3, null, state, kwargs));
            return;
        }
        for (Layout layout : List.of(Layout.NVLABS, Layout.ROSINALITY)) {
            Kind kind = layout.isGenerator(names) ? Kind.GENERATOR
                    : layout.isDiscriminator(names) ? Kind.DISCRIMINATOR : null;
            if (kind != null) {
                parts.add(new NetworkPart(checkpoint.file(), key, kind, layout, state, kwargs));
                return;
            }
        }
    }

    /** The generator of a model that has an encoder too. */
    private static Map<String, StoredTensor> decoder(Map<String, StoredTensor> state) {
        Map<String, StoredTensor> decoder = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(DECODER)) {
                decoder.put(name.substring(DECODER.length()), tensor);
            }
        });
        return decoder;
    }

    /** State dicts by what comes before the last '/' in their tensors' names. */
    private static Map<String, Map<String, StoredTensor>> byKey(Map<String, StoredTensor> tensors) {
        Map<String, Map<String, StoredTensor>> states = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int slash = name.lastIndexOf('/');
            states.computeIfAbsent(name.substring(0, Math.max(0, slash)), k -> new LinkedHashMap<>())
                    .put(name.substring(slash + 1), tensor);
        });
        return states;
    }

    private static Map<String, ?> configs(Checkpoint checkpoint) throws CheckpointException {
        String json = checkpoint.metadata().get(CONFIG);
        if (json == null) {
            return checkpoint.get(CONFIG) instanceof Map<?, ?> map ? kwargs(map) : Map.of();
        }
        try {
            Map<?, ?> map = new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create()
                    .fromJson(json, Map.class);
            return map == null ? Map.of() : kwargs(map);
        } catch (JsonParseException e) {
            throw new CheckpointException(checkpoint.file(), "metadata " + CONFIG + " is not JSON");
        }
    }

    private static Map<String, Object> kwargs(Map<?, ?> map) {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        map.forEach((key, value) -> kwargs.put(String.valueOf(key), value));
        return kwargs;
    }

    /**
     * Builds a generator in the open scope and loads it.
     *
     * @param others values of tensors that the layout does not have
     * @throws CheckpointException naming the file, the tensor and both shapes, if one does not fit
     */
    public Generator generator(Map<String, StoredTensor> others) throws CheckpointException {
        var stored = new StoredState(file, key, state, layout, layout.generatorRules(state.keySet()));
        try {
            var config = kwargs != null ? GeneratorConfig.of(kwargs) : ConfigInference.generator(stored);
            var generator = new Generator(config, zeros());
            stored.loadInto(generator, others);
            return generator;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage());
        }
    }

    private BoundedZeros zeros() {
        return new BoundedZeros(state.values().stream().mapToLong(StoredTensor::elements).sum());
    }

    /** {@link #generator} for a discriminator. */
    public Discriminator discriminator() throws CheckpointException {
        var stored = new StoredState(file, key, state, layout, layout.discriminatorRules(state.keySet()));
        try {
            var config = kwargs != null ? DiscriminatorConfig.of(kwargs) : ConfigInference.discriminator(stored);
            var discriminator = new Discriminator(config, zeros());
            stored.loadInto(discriminator, Map.of());
            return discriminator;
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage());
        }
    }
}
