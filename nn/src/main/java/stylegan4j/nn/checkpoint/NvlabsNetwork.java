package stylegan4j.nn.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network out of a pickle of stylegan2-ada-pytorch or stylegan3, or one that PTI saved whole: what its constructor
 * was given and what its state dict holds (torch_utils/persistence.py of either repository).
 *
 * @param className  the class's own name, for example {@code Generator}; its module is not recorded
 * @param initArgs   positional constructor arguments, usually none
 * @param initKwargs constructor arguments by name, nested maps included, as plain data
 * @param state      parameters and buffers by their official names, in the official order
 */
public record NvlabsNetwork(String className, List<Object> initArgs, Map<String, Object> initKwargs,
                            Map<String, StoredTensor> state) {

    /**
     * The networks of a checkpoint by their key ({@code G}, {@code D}, {@code G_ema}, {@code augment_pipe}); a network
     * that is the whole file has the empty key. Empty if the checkpoint holds none.
     */
    public static Map<String, NvlabsNetwork> of(Checkpoint checkpoint) {
        var networks = new LinkedHashMap<String, NvlabsNetwork>();
        if (checkpoint.root() instanceof PickledObject module && module.isModule()) {
            networks.put("", of(module, checkpoint.tensors()));
        } else if (checkpoint.root() instanceof Map<?, ?> parts) {
            parts.forEach((key, part) -> {
                if (part instanceof PickledObject module && module.isModule()) {
                    networks.put((String) key, of(module, checkpoint.tensors((String) key)));
                }
            });
        }
        return networks;
    }

    @SuppressWarnings("unchecked")
    private static NvlabsNetwork of(PickledObject module, Map<String, StoredTensor> state) {
        var args = module.attributes().get("_init_args") instanceof List<?> list ? (List<Object>) list : List.of();
        var kwargs = module.attributes().get("_init_kwargs") instanceof Map<?, ?> map
                ? (Map<String, Object>) map : Map.<String, Object>of();
        return new NvlabsNetwork(module.className(), args, kwargs, state);
    }
}
