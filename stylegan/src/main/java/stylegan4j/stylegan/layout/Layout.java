package stylegan4j.stylegan.layout;

import java.util.List;
import java.util.Set;

/** The names and shapes that a repository gives the tensors of StyleGAN2. */
public sealed interface Layout permits NvlabsLayout, RosinalityLayout {
    /** stylegan2-ada-pytorch's and stylegan3's. */
    NvlabsLayout NVLABS = new NvlabsLayout();

    /** stylegan2-pytorch's. */
    RosinalityLayout ROSINALITY = new RosinalityLayout();

    /** For the user: {@code nvlabs}, {@code rosinality}. */
    String name();

    /** What files call the networks. */
    PartNames partNames();

    /**
     * Keys of a checkpoint's top level.
     *
     * @param generatorEma the generator with averaged weights
     */
    record PartNames(String generatorEma, String generator, String discriminator) {
    }

    /** Whether these are the names of a generator's tensors. */
    boolean isGenerator(Set<String> stored);

    /** Whether these are the names of a discriminator's tensors. */
    boolean isDiscriminator(Set<String> stored);

    /** Whether a whole file may be without this tensor of a network. */
    boolean lacks(String name);

    /** Rules for a generator's tensors, told from their names in the file. */
    List<TensorRule> generatorRules(Set<String> stored);

    /** Rules for a discriminator's tensors, told from their names in the file. */
    List<TensorRule> discriminatorRules(Set<String> stored);
}
