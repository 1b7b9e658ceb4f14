package stylegan4j.stylegan;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.kernels.Activation;

/**
 * Constructor arguments of a mapping network (stylegan2-ada-pytorch, {@code training/networks.py}: MappingNetwork),
 * official {@code mapping_kwargs}.
 *
 * @param numLayers fully connected layers
 * @param embedFeatures size of the label's embedding, 0 for {@code w_dim}
 * @param layerFeatures size of the intermediate layers, 0 for {@code w_dim}
 * @param activation after every layer
 * @param lrMultiplier learning rate relative to other layers
 * @param wAvgBeta decay of the running average w̄ in training
 */
public record MappingConfig(int numLayers, int embedFeatures, int layerFeatures, Activation activation,
                            double lrMultiplier, double wAvgBeta) {
    /** The official defaults. */
    public static final MappingConfig DEFAULT = new MappingConfig(8, 0, 0, Activation.LRELU, 0.01, 0.995);

    static MappingConfig of(Kwargs kwargs) {
        var config = new MappingConfig(kwargs.integer("num_layers", DEFAULT.numLayers),
                kwargs.integer("embed_features", 0), kwargs.integer("layer_features", 0),
                kwargs.activation("activation", DEFAULT.activation),
                kwargs.decimal("lr_multiplier", DEFAULT.lrMultiplier), kwargs.decimal("w_avg_beta", DEFAULT.wAvgBeta));
        kwargs.finish();
        return config;
    }

    Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("num_layers", numLayers);
        kwargs.put("embed_features", embedFeatures > 0 ? embedFeatures : null);
        kwargs.put("layer_features", layerFeatures > 0 ? layerFeatures : null);
        kwargs.put("activation", activation.officialName());
        kwargs.put("lr_multiplier", lrMultiplier);
        kwargs.put("w_avg_beta", wAvgBeta);
        return kwargs;
    }

    public MappingConfig withNumLayers(int layers) {
        return new MappingConfig(layers, embedFeatures, layerFeatures, activation, lrMultiplier, wAvgBeta);
    }
}
