package stylegan4j.nn.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns what a pickle built into the tree of a {@link Checkpoint}: checks every tensor, rejects cycles. */
final class PickleResolver {
    private static final int DEEPEST = 512;
    private static final Object IN_PROGRESS = new Object();
    /** Attributes of modules which are left out of the names in messages, as they are in state dicts. */
    private static final Set<String> UNNAMED = Set.of("_parameters", "_buffers", "_modules");

    private final Source source;
    private final Map<Object, Object> done = new IdentityHashMap<>();
    private int depth;

    PickleResolver(Source source) {
        this.source = source;
    }

    Object resolve(Object root) throws CheckpointException {
        return resolve("", root);
    }

    /** Objects that occur twice are resolved once, and stay one object. */
    private Object resolve(String path, Object node) throws CheckpointException {
        if (!isComposite(node)) {
            return node;
        }
        var known = done.get(node);
        if (known == IN_PROGRESS) {
            throw source.error("the object at '" + path + "' contains itself");
        }
        if (known == null) {
            if (++depth > DEEPEST) {
                throw source.error("objects are nested more than " + DEEPEST + " deep");
            }
            done.put(node, IN_PROGRESS);
            known = convert(path, node);
            done.put(node, known);
            depth--;
        }
        return known;
    }

    private static boolean isComposite(Object node) {
        return node instanceof List || node instanceof Map || node instanceof PickleInstance
                || node instanceof TorchView || node instanceof TorchStorage || node instanceof NumpyArray
                || node instanceof NumpyDtype || node instanceof TorchParameter || node instanceof PickleGlobals.Global;
    }

    private Object convert(String path, Object node) throws CheckpointException {
        return switch (node) {
            case List<?> list -> list(path, list);
            case Map<?, ?> map -> map(path, map);
            case PickleInstance instance -> new PickledObject(instance.className(), list(path, instance.args()),
                    resolve(path, instance.state()));
            case TorchView view -> view.resolve(source, path);
            case TorchStorage storage -> storage(path, storage);
            case TorchParameter parameter -> parameter(path, parameter);
            case NumpyArray array -> array(path, array);
            case NumpyDtype dtype -> new PickledObject("numpy.dtype", List.of(dtype.type().numpyDescr()), null);
            case PickleGlobals.Global global -> new PickledObject(global.name(), List.of(), null);
            default -> throw new AssertionError(node.getClass());
        };
    }

    private List<Object> list(String path, List<?> list) throws CheckpointException {
        var resolved = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            resolved.add(resolve(join(path, String.valueOf(i)), list.get(i)));
        }
        return Collections.unmodifiableList(resolved);
    }

    private Map<String, Object> map(String path, Map<?, ?> map) throws CheckpointException {
        var resolved = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
        for (var entry : map.entrySet()) {
            var key = String.valueOf(entry.getKey());
            var value = resolve(join(path, key), entry.getValue());
            if (resolved.containsKey(key)) {
                throw source.error("two keys '" + key + "' at '" + path + "'");
            }
            resolved.put(key, value);
        }
        return Collections.unmodifiableMap(resolved);
    }

    private StoredTensor storage(String path, TorchStorage storage) throws CheckpointException {
        var data = storage.data(source, path);
        return StoredTensor.of(storage.dtype(), data, storage.elements());
    }

    private StoredTensor parameter(String path, TorchParameter parameter) throws CheckpointException {
        if (parameter.view() == null) {
            throw source.error(path, "parameter without a tensor");
        }
        return parameter.view().resolve(source, path);
    }

    private StoredTensor array(String path, NumpyArray array) throws CheckpointException {
        if (array.tensor() == null) {
            throw source.error(path, "numpy array without content");
        }
        return array.tensor();
    }

    private static String join(String path, String key) {
        if (UNNAMED.contains(key)) {
            return path;
        }
        return path.isEmpty() ? key : path + "/" + key;
    }
}
