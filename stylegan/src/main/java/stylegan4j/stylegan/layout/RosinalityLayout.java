package stylegan4j.stylegan.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * rosinality/stylegan2-pytorch, {@code model.py}, and what is built on it (pSp, e4e, HyperStyle, …). Weights have the
 * scale of NVlabs'; the synthesis layers' equalised-learning-rate gain is applied before the demodulation, which
 * cancels it. Up-sampling filters are stored with their gain of 4. The average of w is stored beside the generator,
 * not in it.
 */
public final class RosinalityLayout implements Layout {
    /** The average of w in the top level of a file, [w_dim] or [1, w_dim]. */
    public static final String LATENT_AVG = "latent_avg";
    /** As long as a code is. */
    public static final String FIRST_BIAS = "style.1.bias";

    private static final double UPSAMPLING_GAIN = 4;
    private static final int LOWEST = 4;

    RosinalityLayout() {
    }

    @Override
    public String name() {
        return "rosinality";
    }

    @Override
    public PartNames partNames() {
        return new PartNames("g_ema", "g", "d");
    }

    @Override
    public boolean isGenerator(Set<String> stored) {
        return stored.contains("input.input") && stored.contains("conv1.conv.weight");
    }

    @Override
    public boolean isDiscriminator(Set<String> stored) {
        return stored.contains("final_linear.1.weight");
    }

    /** Layers that do not resample have no filter; noise maps and filters came with later versions. */
    @Override
    public boolean lacks(String name) {
        return name.endsWith("resample_filter") || name.endsWith("noise_const") || name.equals("mapping.w_avg");
    }

    @Override
    public List<TensorRule> generatorRules(Set<String> stored) {
        int resolution = LOWEST;
        for (int i = 0; stored.contains("to_rgbs." + i + ".conv.weight"); i++) {
            resolution *= 2;
        }
        int mappingLayers = 0;
        while (stored.contains("style." + (mappingLayers + 1) + ".weight")) {
            mappingLayers++;
        }
        return generatorRules(resolution, mappingLayers);
    }

    @Override
    public List<TensorRule> discriminatorRules(Set<String> stored) {
        int resolution = LOWEST;
        for (int i = 1; stored.contains("convs." + i + ".conv1.0.weight"); i++) {
            resolution *= 2;
        }
        return discriminatorRules(resolution);
    }

    /** Rules for a generator of this size, in the order of the official state dict. */
    public List<TensorRule> generatorRules(int resolution, int mappingLayers) {
        List<TensorRule> rules = new ArrayList<>();
        for (int i = 0; i < mappingLayers; i++) {
            linear(rules, "style." + (i + 1), "mapping.fc" + i);
        }
        rules.add(TensorRule.padded("input.input", "synthesis.b4.const", 1, 0));
        convolution(rules, "conv1", "synthesis.b4.conv1", false);
        toRgb(rules, "to_rgb1", "synthesis.b4", false);
        int blocks = Integer.numberOfTrailingZeros(resolution / LOWEST);
        for (int i = 0; i < blocks; i++) {
            convolution(rules, "convs." + 2 * i, block(i) + ".conv0", true);
            convolution(rules, "convs." + (2 * i + 1), block(i) + ".conv1", false);
        }
        for (int i = 0; i < blocks; i++) {
            toRgb(rules, "to_rgbs." + i, block(i), true);
        }
        noise(rules, 0, "synthesis.b4.conv1");
        for (int i = 0; i < blocks; i++) {
            noise(rules, 2 * i + 1, block(i) + ".conv0");
            noise(rules, 2 * i + 2, block(i) + ".conv1");
        }
        return rules;
    }

    /** Rules for a discriminator of this size, in the order of the official state dict. */
    public List<TensorRule> discriminatorRules(int resolution) {
        List<TensorRule> rules = new ArrayList<>();
        biased(rules, "convs.0.0", "convs.0.1", "b" + resolution + ".fromrgb");
        for (int i = 1, r = resolution; r > LOWEST; i++, r /= 2) {
            String stored = "convs." + i;
            String name = "b" + r;
            biased(rules, stored + ".conv1.0", stored + ".conv1.1", name + ".conv0");
            rules.add(filter(stored + ".conv2.0.kernel", name + ".conv1", 1));
            biased(rules, stored + ".conv2.1", stored + ".conv2.2", name + ".conv1");
            rules.add(filter(stored + ".skip.0.kernel", name + ".skip", 1));
            rules.add(TensorRule.same(stored + ".skip.1.weight", name + ".skip.weight"));
        }
        biased(rules, "final_conv.0", "final_conv.1", "b4.conv");
        linear(rules, "final_linear.0", "b4.fc");
        linear(rules, "final_linear.1", "b4.out");
        return rules;
    }

    private static String block(int index) {
        return "synthesis.b" + (LOWEST << index + 1);
    }

    private static void convolution(List<TensorRule> rules, String stored, String name, boolean up) {
        rules.add(TensorRule.padded(stored + ".conv.weight", name + ".weight", 1, 0));
        if (up) {
            rules.add(filter(stored + ".conv.blur.kernel", name, UPSAMPLING_GAIN));
        }
        linear(rules, stored + ".conv.modulation", name + ".affine");
        rules.add(TensorRule.padded(stored + ".noise.weight", name + ".noise_strength", 1, 0));
        rules.add(TensorRule.same(stored + ".activate.bias", name + ".bias"));
    }

    private static void toRgb(List<TensorRule> rules, String stored, String block, boolean up) {
        rules.add(TensorRule.padded(stored + ".bias", block + ".torgb.bias", 1, 2));
        if (up) {
            rules.add(filter(stored + ".upsample.kernel", block, UPSAMPLING_GAIN));
        }
        rules.add(TensorRule.padded(stored + ".conv.weight", block + ".torgb.weight", 1, 0));
        linear(rules, stored + ".conv.modulation", block + ".torgb.affine");
    }

    private static TensorRule filter(String stored, String layer, double gain) {
        return TensorRule.same(stored, layer + ".resample_filter").scaled(gain);
    }

    private static void noise(List<TensorRule> rules, int index, String layer) {
        rules.add(TensorRule.padded("noises.noise_" + index, layer + ".noise_const", 2, 0));
    }

    private static void linear(List<TensorRule> rules, String stored, String name) {
        biased(rules, stored, stored, name);
    }

    private static void biased(List<TensorRule> rules, String weight, String bias, String name) {
        rules.add(TensorRule.same(weight + ".weight", name + ".weight"));
        rules.add(TensorRule.same(bias + ".bias", name + ".bias"));
    }
}
