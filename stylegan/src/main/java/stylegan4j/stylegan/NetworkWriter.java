package stylegan4j.stylegan;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.Activation;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.Layout.PartNames;
import stylegan4j.stylegan.layout.RosinalityLayout;
import stylegan4j.stylegan.layout.TensorRule;

/** Writes networks to files that {@link Networks#load} reads, and the official code too where the layout is its. */
public final class NetworkWriter {
    private NetworkWriter() {
    }

    /**
     * A torch file of state dicts: {@code {"G_ema": {…}, …, "config": {"G_ema": {constructor arguments}, …}}}, or
     * {@code {"g_ema": {…}, …, "latent_avg": …}} as rosinality's scripts read it.
     *
     * @throws IllegalArgumentException if a network is of a kind that the layout has no names for
     */
    public static void writeTorch(Path file, Networks networks, Layout layout) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        if (layout == Layout.ROSINALITY) {
            putRosinality(root, networks);
        } else {
            modules(networks).forEach((key, module) -> root.put(key, module.save()));
            root.put(NetworkPart.CONFIG, configs(networks));
        }
        TorchZip.write(file, root);
    }

    /** A safetensors file in NVlabs' names, the constructor arguments as JSON in its metadata. */
    public static void writeSafetensors(Path file, Networks networks) throws IOException {
        writeSafetensors(file, networks, Map.of(), Map.of());
    }

    /**
     * {@link #writeSafetensors(Path, Networks)} with more in the same file.
     *
     * @param others further tensors, under names that are none of a network's
     * @param notes further metadata
     */
    public static void writeSafetensors(Path file, Networks networks, Map<String, StoredTensor> others,
                                        Map<String, String> notes) throws IOException {
        Map<String, StoredTensor> tensors = tensors(networks);
        tensors.putAll(others);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(NetworkPart.CONFIG, configsAsJson(networks));
        metadata.putAll(notes);
        Safetensors.write(file, tensors, metadata);
    }

    /**
     * {@link #writeSafetensors(Path, Networks)} in half the size: every number rounded to half precision.
     *
     * @throws IllegalArgumentException if a number is beyond half precision's range
     */
    public static void writeHalf(Path file, Networks networks) throws IOException {
        Map<String, StoredTensor> tensors = tensors(networks);
        tensors.replaceAll((name, tensor) -> tensor.toHalf());
        Safetensors.write(file, tensors, Map.of(NetworkPart.CONFIG, configsAsJson(networks)));
    }

    private static Map<String, StoredTensor> tensors(Networks networks) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        modules(networks).forEach((key, module) ->
                module.save().forEach((name, tensor) -> tensors.put(key + "/" + name, tensor)));
        return tensors;
    }

    private static String configsAsJson(Networks networks) {
        return new GsonBuilder().serializeNulls().create().toJson(configs(networks));
    }

    private static Map<String, Module> modules(Networks networks) {
        PartNames keys = Layout.NVLABS.partNames();
        Map<String, Module> modules = new LinkedHashMap<>();
        modules.put(keys.generatorEma(), networks.generatorEma());
        modules.put(keys.generator(), networks.generator());
        modules.put(keys.discriminator(), networks.discriminator());
        modules.values().removeIf(m -> m == null);
        return modules;
    }

    private static Map<String, Object> configs(Networks networks) {
        Map<String, Object> configs = new LinkedHashMap<>();
        modules(networks).forEach((key, module) -> configs.put(key, module instanceof Generator generator
                ? generator.config().kwargs() : ((Discriminator) module).config().kwargs()));
        return configs;
    }

    private static void putRosinality(Map<String, Object> root, Networks networks) {
        PartNames keys = Layout.ROSINALITY.partNames();
        if (networks.generatorEma() != null) {
            root.put(keys.generatorEma(), rosinality(networks.generatorEma()));
        }
        if (networks.generator() != null) {
            root.put(keys.generator(), rosinality(networks.generator()));
        }
        if (networks.discriminator() != null) {
            root.put(keys.discriminator(), rosinality(networks.discriminator()));
        }
        Generator averaged = networks.generatorEma() != null ? networks.generatorEma() : networks.generator();
        if (averaged != null) {
            float[] average = averaged.mapping().wAvg().toArray();
            root.put(RosinalityLayout.LATENT_AVG, StoredTensor.of(average, 1, average.length));
        }
    }

    /**
     * A generator's tensors by stylegan2-pytorch's names.
     *
     * @throws IllegalArgumentException if it is of a kind that this layout has no names for
     */
    public static Map<String, StoredTensor> rosinality(Generator generator) {
        GeneratorConfig c = generator.config();
        SynthesisConfig s = c.synthesis();
        MappingConfig m = c.mapping();
        boolean fits = c.cDim() == 0 && c.zDim() == c.wDim() && c.imgChannels() == 3
                && s.architecture() == Architecture.SKIP && s.useNoise() && s.activation() == Activation.LRELU
                && s.constHeight() == Resolutions.LOWEST && s.constWidth() == Resolutions.LOWEST
                && m.activation() == Activation.LRELU && m.lrMultiplier() == MappingConfig.DEFAULT.lrMultiplier()
                && (m.layerFeatures() == 0 || m.layerFeatures() == c.wDim());
        require(fits, "generator", "unconditional ones of architecture skip, with noise, for square colour pictures");
        return renamed(generator.save(), Layout.ROSINALITY.generatorRules(c.imgResolution(), m.numLayers()));
    }

    private static Map<String, StoredTensor> rosinality(Discriminator discriminator) {
        DiscriminatorConfig c = discriminator.config();
        EpilogueConfig e = c.epilogue();
        boolean fits = c.cDim() == 0 && c.imgChannels() == 3 && c.architecture() == Architecture.RESNET
                && c.activation() == Activation.LRELU && e.equals(EpilogueConfig.DEFAULT);
        require(fits, "discriminator", "unconditional ones of architecture resnet, for colour pictures");
        return renamed(discriminator.save(), Layout.ROSINALITY.discriminatorRules(c.imgResolution()));
    }

    private static void require(boolean fits, String network, String supported) {
        if (!fits) {
            throw new IllegalArgumentException("rosinality layout: of " + network + "s only " + supported
                    + " can be written");
        }
    }

    private static Map<String, StoredTensor> renamed(Map<String, StoredTensor> state, List<TensorRule> rules) {
        Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        rules.forEach(rule -> renamed.put(rule.stored(), rule.toStored(state.get(rule.name()))));
        return renamed;
    }
}
