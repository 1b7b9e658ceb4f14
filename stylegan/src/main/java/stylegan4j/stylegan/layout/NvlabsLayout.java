package stylegan4j.stylegan.layout;

import java.util.List;
import java.util.Set;

/** stylegan2-ada-pytorch and stylegan3: the names are those of our networks. */
public final class NvlabsLayout implements Layout {
    NvlabsLayout() {
    }

    @Override
    public String name() {
        return "nvlabs";
    }

    @Override
    public PartNames partNames() {
        return new PartNames("G_ema", "G", "D");
    }

    @Override
    public boolean isGenerator(Set<String> stored) {
        return stored.contains("synthesis.b4.const");
    }

    @Override
    public boolean isDiscriminator(Set<String> stored) {
        return stored.contains("b4.out.weight");
    }

    @Override
    public boolean lacks(String name) {
        return false;
    }

    @Override
    public List<TensorRule> generatorRules(Set<String> stored) {
        return identities(stored);
    }

    @Override
    public List<TensorRule> discriminatorRules(Set<String> stored) {
        return identities(stored);
    }

    private static List<TensorRule> identities(Set<String> stored) {
        return stored.stream().map(name -> TensorRule.same(name, name)).toList();
    }
}
