package stylegan4j.stylegan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Constructor arguments of a generator (stylegan2-ada-pytorch, {@code training/networks.py}: Generator).
 *
 * @param zDim size of the latent code z
 * @param cDim number of classes, 0 for an unconditional network
 * @param wDim size of the intermediate latent code w
 * @param imgResolution size of square pictures, a power of two from 4 to 1024 or more
 * @param imgChannels 3 for colour, 1 for grey
 */
public record GeneratorConfig(int zDim, int cDim, int wDim, int imgResolution, int imgChannels,
                              MappingConfig mapping, SynthesisConfig synthesis) {
    public GeneratorConfig {
        if (zDim < 0 || cDim < 0 || zDim + cDim == 0 || wDim < 1 || imgChannels < 1) {
            throw new IllegalArgumentException("generator: impossible sizes z_dim=" + zDim + ", c_dim=" + cDim
                    + ", w_dim=" + wDim + ", img_channels=" + imgChannels);
        }
        Resolutions.check("generator", imgResolution);
    }

    /** The official network of config F for colour pictures, unconditional. */
    public static GeneratorConfig of(int imgResolution) {
        return new GeneratorConfig(512, 0, 512, imgResolution, 3, MappingConfig.DEFAULT, SynthesisConfig.DEFAULT);
    }

    /**
     * From the official constructor's keyword arguments.
     *
     * @throws IllegalArgumentException naming an argument that is missing, unknown or of the wrong type
     */
    public static GeneratorConfig of(Map<String, ?> kwargs) {
        var args = new Kwargs("generator", kwargs);
        var config = new GeneratorConfig(args.integer("z_dim"), args.integer("c_dim"), args.integer("w_dim"),
                args.integer("img_resolution"), args.integer("img_channels"),
                MappingConfig.of(args.part("mapping_kwargs")), SynthesisConfig.of(args.part("synthesis_kwargs")));
        args.finish();
        return config;
    }

    /** Rows of a picture. */
    public int height() {
        return imgResolution / Resolutions.LOWEST * synthesis.constHeight();
    }

    /** Columns of a picture. */
    public int width() {
        return imgResolution / Resolutions.LOWEST * synthesis.constWidth();
    }

    /** The official constructor's keyword arguments: maps, lists, texts, numbers, booleans and nulls. */
    public Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("z_dim", zDim);
        kwargs.put("c_dim", cDim);
        kwargs.put("w_dim", wDim);
        kwargs.put("img_resolution", imgResolution);
        kwargs.put("img_channels", imgChannels);
        kwargs.put("mapping_kwargs", mapping.kwargs());
        kwargs.put("synthesis_kwargs", synthesis.kwargs());
        return kwargs;
    }

    public GeneratorConfig withMapping(MappingConfig newMapping) {
        return new GeneratorConfig(zDim, cDim, wDim, imgResolution, imgChannels, newMapping, synthesis);
    }

    public GeneratorConfig withSynthesis(SynthesisConfig newSynthesis) {
        return new GeneratorConfig(zDim, cDim, wDim, imgResolution, imgChannels, mapping, newSynthesis);
    }
}
