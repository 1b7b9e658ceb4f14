package stylegan4j.nn.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Walks a checkpoint's tree and names its tensors. */
final class Flattening {
    /** Shared parts are named once for each way to reach them, which a hostile file can make exponential. */
    private static final int MOST_VISITS = 1 << 21;

    private final Source source;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private int visits;

    Flattening(Source source) {
        this.source = source;
    }

    Map<String, StoredTensor> of(Object root) throws CheckpointException {
        if (root instanceof StoredTensor tensor) {
            put(stem(), tensor);
        } else {
            visit("", root);
        }
        return tensors;
    }

    private String stem() {
        var name = source.file().getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private void visit(String path, Object node) throws CheckpointException {
        count();
        switch (node) {
            case StoredTensor tensor -> put(path, tensor);
            case Map<?, ?> map -> visitAll(path, map);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    visit(join(path, i), list.get(i));
                }
            }
            case PickledObject object when object.isModule() -> visitModule(path.isEmpty() ? "" : path + "/", object);
            case PickledObject object -> visitAll(path, object.attributes());
            case null, default -> { }
        }
    }

    private void visitAll(String path, Map<?, ?> map) throws CheckpointException {
        for (var entry : map.entrySet()) {
            visit(join(path, entry.getKey()), entry.getValue());
        }
    }

    private static String join(String path, Object key) {
        return path.isEmpty() ? String.valueOf(key) : path + "/" + key;
    }

    /** The order and names of {@code Module.state_dict}: own parameters, own lasting buffers, then the children. */
    private void visitModule(String prefix, PickledObject module) throws CheckpointException {
        var attributes = module.attributes();
        var transientBuffers = attributes.get("_non_persistent_buffers_set");
        for (var own : List.of("_parameters", "_buffers")) {
            for (var entry : ((Map<?, ?>) attributes.get(own)).entrySet()) {
                boolean lasting = !(transientBuffers instanceof Set<?> set && set.contains(entry.getKey()));
                if (lasting && entry.getValue() instanceof StoredTensor tensor) {
                    count();
                    put(prefix + entry.getKey(), tensor);
                }
            }
        }
        for (var child : ((Map<?, ?>) attributes.get("_modules")).entrySet()) {
            count();
            if (child.getValue() instanceof PickledObject object && object.isModule()) {
                visitModule(prefix + child.getKey() + ".", object);
            }
        }
    }

    private void count() throws CheckpointException {
        if (++visits > MOST_VISITS) {
            throw source.error("more than " + MOST_VISITS + " objects");
        }
    }

    private void put(String name, StoredTensor tensor) throws CheckpointException {
        if (tensors.put(name, tensor) != null) {
            throw source.error(name, "the name occurs twice");
        }
    }
}
