package stylegan4j.stylegan;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.kernels.Activation;

/**
 * Constructor arguments of a discriminator's last block (stylegan2-ada-pytorch, {@code training/networks.py}:
 * DiscriminatorEpilogue), official {@code epilogue_kwargs}.
 *
 * @param mbstdGroupSize samples that the minibatch standard deviation is taken over, 0 for the whole batch
 * @param mbstdNumChannels feature maps of standard deviations, 0 for none
 * @param activation of its layers
 */
public record EpilogueConfig(int mbstdGroupSize, int mbstdNumChannels, Activation activation) {
    /** The official defaults. */
    public static final EpilogueConfig DEFAULT = new EpilogueConfig(4, 1, Activation.LRELU);

    static EpilogueConfig of(Kwargs kwargs) {
        int group = kwargs.integer("mbstd_group_size", kwargs.keys().contains("mbstd_group_size") ? 0
                : DEFAULT.mbstdGroupSize);
        var config = new EpilogueConfig(group, kwargs.integer("mbstd_num_channels", DEFAULT.mbstdNumChannels),
                kwargs.activation("activation", DEFAULT.activation));
        kwargs.finish();
        return config;
    }

    Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("mbstd_group_size", mbstdGroupSize > 0 ? mbstdGroupSize : null);
        kwargs.put("mbstd_num_channels", mbstdNumChannels);
        kwargs.put("activation", activation.officialName());
        return kwargs;
    }
}
