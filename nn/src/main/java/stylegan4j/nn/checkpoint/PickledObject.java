package stylegan4j.nn.checkpoint;

import java.util.List;
import java.util.Map;

/**
 * An object of a Python class which is known by name only: what the pickle would have handed to its constructor and to
 * its {@code __setstate__}, as data. Nothing of the class itself is built or run.
 *
 * @param className qualified name, for example {@code argparse.Namespace}
 * @param args      constructor arguments
 * @param state     instance state, usually a map of its attributes, or null if the pickle set none
 */
public record PickledObject(String className, List<Object> args, Object state) {
    /** The instance's attributes by name, empty if its state is no map. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> attributes() {
        return state instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** Whether this is a {@code torch.nn.Module}, which keeps what its state dict names in these three attributes. */
    public boolean isModule() {
        return attributes().get("_parameters") instanceof Map && attributes().get("_buffers") instanceof Map
                && attributes().get("_modules") instanceof Map;
    }

    @Override
    public String toString() {
        return className + attributes().keySet();
    }
}
