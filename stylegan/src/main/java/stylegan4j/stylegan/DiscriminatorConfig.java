package stylegan4j.stylegan;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.kernels.Activation;

/**
 * Constructor arguments of a discriminator (stylegan2-ada-pytorch, {@code training/networks.py}: Discriminator).
 *
 * @param cDim number of classes, 0 for an unconditional network
 * @param imgResolution size of the pictures, a power of two from 8 on
 * @param imgChannels 3 for colour, 1 for grey
 * @param architecture how blocks are joined
 * @param channels official {@code channel_base} and {@code channel_max}
 * @param convClamp bound on the convolutions' outputs, negative for none
 * @param cmapDim size of the mapped label, 0 for as many as there are feature maps at 4×4
 * @param resampleFilter taps of the low-pass filter; not to be modified
 * @param activation of the blocks' layers
 */
public record DiscriminatorConfig(int cDim, int imgResolution, int imgChannels, Architecture architecture,
                                  Channels channels, double convClamp, int cmapDim, float[] resampleFilter,
                                  Activation activation, MappingConfig mapping, EpilogueConfig epilogue) {
    public DiscriminatorConfig {
        Resolutions.check("discriminator", imgResolution);
        if (cDim < 0 || imgChannels < 1 || imgResolution == Resolutions.LOWEST) {
            throw new IllegalArgumentException("discriminator: impossible sizes c_dim=" + cDim + ", img_resolution="
                    + imgResolution + ", img_channels=" + imgChannels);
        }
    }

    /** The official network of config F for colour pictures, unconditional. */
    public static DiscriminatorConfig of(int imgResolution) {
        return of(Map.of("c_dim", 0, "img_resolution", imgResolution, "img_channels", 3));
    }

    /**
     * From the official constructor's keyword arguments.
     *
     * @throws IllegalArgumentException naming an argument that is missing, unknown or of the wrong type
     */
    public static DiscriminatorConfig of(Map<String, ?> kwargs) {
        var args = new Kwargs("discriminator", kwargs);
        var block = args.part("block_kwargs");
        var config = new DiscriminatorConfig(args.integer("c_dim"), args.integer("img_resolution"),
                args.integer("img_channels"),
                Architecture.named(args.text("architecture", Architecture.RESNET.officialName())), Channels.of(args),
                args.decimal("conv_clamp", -1), args.integer("cmap_dim", 0),
                block.numbers("resample_filter", SynthesisConfig.DEFAULT.resampleFilter()),
                block.activation("activation", Activation.LRELU), MappingConfig.of(args.part("mapping_kwargs")),
                EpilogueConfig.of(args.part("epilogue_kwargs")));
        block.ignore("fp16_channels_last", "freeze_layers").finish();
        args.ignore("num_fp16_res").finish();
        return config;
    }

    /** The official constructor's keyword arguments: maps, lists, texts, numbers, booleans and nulls. */
    public Map<String, Object> kwargs() {
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("activation", activation.officialName());
        block.put("resample_filter", Kwargs.list(resampleFilter));
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("c_dim", cDim);
        kwargs.put("img_resolution", imgResolution);
        kwargs.put("img_channels", imgChannels);
        kwargs.put("architecture", architecture.officialName());
        kwargs.putAll(channels.kwargs());
        kwargs.put("conv_clamp", convClamp >= 0 ? convClamp : null);
        kwargs.put("cmap_dim", cmapDim > 0 ? cmapDim : null);
        kwargs.put("block_kwargs", block);
        kwargs.put("mapping_kwargs", mapping.kwargs());
        kwargs.put("epilogue_kwargs", epilogue.kwargs());
        return kwargs;
    }
}
