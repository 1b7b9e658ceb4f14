package stylegan4j.nn.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint file held, as inert data.
 *
 * <p>The {@link #root()} is a tree of {@code Map<String, Object>} (keys of other types as text), {@code List} (also
 * for tuples), {@code Set} of scalars, {@link StoredTensor}, {@code String}, {@code Long}, {@code BigInteger},
 * {@code Double}, {@code Boolean}, {@code MemorySegment} (raw bytes), {@link PickledObject} and null, in the file's
 * order.
 *
 * <p>{@link #tensors()} is the same tree flattened to its tensors: keys, list positions and attributes are joined by
 * '/', while the names inside a state dict or a pickled module keep their dots, for example
 * {@code G_ema/synthesis.b4.const}. A file that is one bare tensor names it after itself, without the extension.
 */
public final class Checkpoint {
    private final Path file;
    private final String format;
    private final Object root;
    private final Map<String, String> metadata;
    private final Map<String, StoredTensor> tensors;

    Checkpoint(Source source, String format, Object root, Map<String, String> metadata) throws CheckpointException {
        this.file = source.file();
        this.format = format;
        this.root = root;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(new Flattening(source).of(root));
    }

    /** The file this was read from. */
    public Path file() {
        return file;
    }

    /** One of {@code safetensors}, {@code npy}, {@code npz}, {@code torch}, {@code torch-legacy}, {@code pickle}. */
    public String format() {
        return format;
    }

    /** The top-level object. */
    public Object root() {
        return root;
    }

    /** Free text stored beside the tensors ({@code __metadata__} of safetensors), empty in other formats. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Every tensor by its flattened name, in the file's order. */
    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * The tensors under one part of the tree, that part's name removed: {@code tensors("g_ema")} is the state dict
     * stored as {@code g_ema}. Empty if there is no such part.
     */
    public Map<String, StoredTensor> tensors(String part) {
        var prefix = part + "/";
        var found = new LinkedHashMap<String, StoredTensor>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }

    /**
     * The tensor of this flattened name.
     *
     * @throws CheckpointException if there is none
     */
    public StoredTensor tensor(String name) throws CheckpointException {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(file, name, "not in this file");
        }
        return tensor;
    }

    /** An entry of the top level (of a map, or of the attributes of an object), or null if there is none. */
    public Object get(String key) {
        return switch (root) {
            case Map<?, ?> map -> map.get(key);
            case PickledObject object -> object.attributes().get(key);
            case null, default -> null;
        };
    }
}
