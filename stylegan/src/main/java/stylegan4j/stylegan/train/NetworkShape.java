package stylegan4j.stylegan.train;

import stylegan4j.kernels.Activation;
import stylegan4j.stylegan.Architecture;
import stylegan4j.stylegan.Channels;
import stylegan4j.stylegan.DiscriminatorConfig;
import stylegan4j.stylegan.EpilogueConfig;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.MappingConfig;
import stylegan4j.stylegan.SynthesisConfig;

/**
 * What a training chooses of its networks; the rest follows from the data.
 *
 * @param zDim size of the latent code z
 * @param wDim size of the intermediate latent code w
 * @param mappingLayers of the generator
 * @param channelBase feature maps times resolution
 * @param channelMax most feature maps
 * @param mbstdGroup samples that the minibatch standard deviation is taken over
 * @param discriminator how its blocks are joined
 */
public record NetworkShape(int zDim, int wDim, int mappingLayers, int channelBase, int channelMax, int mbstdGroup,
                           Architecture discriminator) {
    /**
     * @param labelSize 0 for an unconditional network
     * @param clamp bound on the convolutions' outputs, negative for none
     */
    public GeneratorConfig generator(int resolution, int channels, int labelSize, double clamp) {
        return new GeneratorConfig(zDim, labelSize, wDim, resolution, channels,
                MappingConfig.DEFAULT.withNumLayers(mappingLayers),
                SynthesisConfig.DEFAULT.withChannels(new Channels(channelBase, channelMax)).withConvClamp(clamp));
    }

    /**
     * @param labelSize 0 for an unconditional network
     * @param clamp bound on the convolutions' outputs, negative for none
     */
    public DiscriminatorConfig discriminator(int resolution, int channels, int labelSize, double clamp) {
        return new DiscriminatorConfig(labelSize, resolution, channels, discriminator,
                new Channels(channelBase, channelMax), clamp, 0, SynthesisConfig.DEFAULT.resampleFilter(),
                Activation.LRELU, MappingConfig.DEFAULT, new EpilogueConfig(mbstdGroup, 1, Activation.LRELU));
    }
}
