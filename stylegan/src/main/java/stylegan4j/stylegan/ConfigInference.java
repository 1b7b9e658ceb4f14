package stylegan4j.stylegan;

import java.util.HashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;

/**
 * Tells constructor arguments from the shapes of stored tensors, for files that do not hold them. What shapes do not
 * show is as in the official defaults.
 */
final class ConfigInference {
    private ConfigInference() {
    }

    static GeneratorConfig generator(StoredState state) throws CheckpointException {
        int resolution = Math.max(Resolutions.LOWEST, state.largestResolution("synthesis.b", ".conv1.weight"));
        Map<Integer, Integer> channels = new HashMap<>();
        for (int r = Resolutions.LOWEST; r <= resolution; r *= 2) {
            channels.put(r, state.size("synthesis.b" + r + ".conv1.weight", 4, 0));
        }
        String last = "synthesis.b" + resolution;
        var synthesis = new SynthesisConfig(Channels.of(channels), generatorArchitecture(state),
                filter(state, last + ".resample_filter"), -1, state.has("synthesis.b4.conv1.noise_strength"),
                SynthesisConfig.DEFAULT.activation(), state.size("synthesis.b4.const", 3, 1),
                state.size("synthesis.b4.const", 3, 2));
        MappingConfig mapping = mapping(state);
        int cDim = classes(state);
        return new GeneratorConfig(
                state.size("mapping.fc0.weight", 2, 1) - (cDim > 0 ? mapping.embedFeatures() : 0), cDim,
                state.size("mapping.fc" + (mapping.numLayers() - 1) + ".weight", 2, 0), resolution,
                state.size(last + ".torgb.weight", 4, 0), mapping, synthesis);
    }

    static DiscriminatorConfig discriminator(StoredState state) throws CheckpointException {
        int resolution = Math.max(2 * Resolutions.LOWEST, state.largestResolution("b", ".conv0.weight"));
        Map<Integer, Integer> channels = new HashMap<>();
        channels.put(Resolutions.LOWEST, state.size("b4.fc.weight", 2, 0));
        for (int r = 2 * Resolutions.LOWEST; r <= resolution; r *= 2) {
            channels.put(r, state.size("b" + r + ".conv0.weight", 4, 0));
        }
        String first = "b" + resolution;
        int cDim = classes(state);
        int cmapDim = state.size("b4.out.weight", 2, 0);
        Architecture architecture = state.has("b4.fromrgb.weight") ? Architecture.SKIP
                : state.has(first + ".skip.weight") ? Architecture.RESNET : Architecture.ORIG;
        int stdMaps = state.size("b4.conv.weight", 4, 1) - channels.get(Resolutions.LOWEST);
        var defaults = EpilogueConfig.DEFAULT;
        return new DiscriminatorConfig(cDim, resolution, state.size(first + ".fromrgb.weight", 4, 1), architecture,
                Channels.of(channels), -1, cDim > 0 ? cmapDim : 0, filter(state, first + ".conv1.resample_filter"),
                SynthesisConfig.DEFAULT.activation(),
                cDim > 0 ? mapping(state) : MappingConfig.DEFAULT,
                new EpilogueConfig(defaults.mbstdGroupSize(), stdMaps, defaults.activation()));
    }

    private static int classes(StoredState state) throws CheckpointException {
        return state.has("mapping.embed.weight") ? state.size("mapping.embed.weight", 2, 1) : 0;
    }

    private static MappingConfig mapping(StoredState state) throws CheckpointException {
        var defaults = MappingConfig.DEFAULT;
        return new MappingConfig(Math.max(1, state.count("mapping.fc", ".weight")),
                classes(state) > 0 ? state.size("mapping.embed.weight", 2, 0) : 0,
                state.size("mapping.fc0.weight", 2, 0), defaults.activation(), defaults.lrMultiplier(),
                defaults.wAvgBeta());
    }

    private static Architecture generatorArchitecture(StoredState state) {
        return state.has("synthesis.b4.torgb.weight") ? Architecture.SKIP
                : state.has("synthesis.b8.skip.weight") ? Architecture.RESNET : Architecture.ORIG;
    }

    /** The taps whose outer product is stored, or that are stored themselves. */
    private static float[] filter(StoredState state, String name) throws CheckpointException {
        if (!state.has(name)) {
            return SynthesisConfig.DEFAULT.resampleFilter();
        }
        float[] stored = state.values(name);
        if (state.shape(name).length == 1) {
            return stored;
        }
        int n = state.size(name, 2, 1);
        float[] taps = new float[n];
        for (int i = 0; i < stored.length; i++) {
            taps[i % n] += stored[i];
        }
        return taps;
    }
}
