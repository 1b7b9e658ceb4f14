package stylegan4j.stylegan;

import java.util.Map;
import stylegan4j.kernels.Activation;

/**
 * Constructor arguments of a synthesis network (stylegan2-ada-pytorch, {@code training/networks.py}:
 * SynthesisNetwork, SynthesisBlock, SynthesisLayer), official {@code synthesis_kwargs}.
 *
 * @param channels official {@code channel_base} and {@code channel_max}
 * @param architecture how blocks are joined
 * @param resampleFilter taps of the low-pass filter; not to be modified
 * @param convClamp bound on every layer's output, negative for none
 * @param useNoise whether layers have noise inputs
 * @param activation of the convolutions
 * @param constHeight rows of the learned constant, 4 for square pictures
 * @param constWidth columns of the learned constant
 */
public record SynthesisConfig(Channels channels, Architecture architecture, float[] resampleFilter, double convClamp,
                              boolean useNoise, Activation activation, int constHeight, int constWidth) {
    /** The official defaults: config F, without clamp. */
    public static final SynthesisConfig DEFAULT = new SynthesisConfig(Channels.DEFAULT, Architecture.SKIP,
            new float[] {1, 3, 3, 1}, -1, true, Activation.LRELU, 4, 4);

    static SynthesisConfig of(Kwargs kwargs) {
        var config = new SynthesisConfig(Channels.of(kwargs),
                Architecture.named(kwargs.text("architecture", DEFAULT.architecture.officialName())),
                kwargs.numbers("resample_filter", DEFAULT.resampleFilter),
                kwargs.decimal("conv_clamp", -1), kwargs.flag("use_noise", true),
                kwargs.activation("activation", DEFAULT.activation),
                kwargs.integer("const_height", Resolutions.LOWEST), kwargs.integer("const_width", Resolutions.LOWEST));
        kwargs.ignore("num_fp16_res", "fp16_channels_last", "fused_modconv_default").finish();
        return config;
    }

    Map<String, Object> kwargs() {
        Map<String, Object> kwargs = channels.kwargs();
        kwargs.put("architecture", architecture.officialName());
        kwargs.put("resample_filter", Kwargs.list(resampleFilter));
        kwargs.put("conv_clamp", convClamp >= 0 ? convClamp : null);
        kwargs.put("use_noise", useNoise);
        kwargs.put("activation", activation.officialName());
        if (constHeight != Resolutions.LOWEST || constWidth != Resolutions.LOWEST) {
            kwargs.put("const_height", constHeight);
            kwargs.put("const_width", constWidth);
        }
        return kwargs;
    }

    public SynthesisConfig withChannels(Channels newChannels) {
        return new SynthesisConfig(newChannels, architecture, resampleFilter, convClamp, useNoise, activation,
                constHeight, constWidth);
    }

    public SynthesisConfig withConvClamp(double newConvClamp) {
        return new SynthesisConfig(channels, architecture, resampleFilter, newConvClamp, useNoise, activation,
                constHeight, constWidth);
    }

    public SynthesisConfig withArchitecture(Architecture newArchitecture) {
        return new SynthesisConfig(channels, newArchitecture, resampleFilter, convClamp, useNoise, activation,
                constHeight, constWidth);
    }

    /** For pictures of {@code height/4 · resolution} rows and {@code width/4 · resolution} columns. */
    public SynthesisConfig withConstant(int height, int width) {
        return new SynthesisConfig(channels, architecture, resampleFilter, convClamp, useNoise, activation, height,
                width);
    }
}
