package stylegan4j.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** A flat array which tensors are views of. In legacy files its bytes follow after the pickle that mentions it. */
final class TorchStorage {
    private static final String STORAGE_MODULE = "torch.";

    private final StoredType dtype;
    private final String key;
    private final long elements;
    private Data data;

    /** Finds a storage's bytes in the file when they are wanted, for a tensor of this name. */
    interface Data {
        MemorySegment read(String tensor) throws CheckpointException;
    }

    TorchStorage(StoredType dtype, String key, long elements) {
        this.dtype = dtype;
        this.key = key;
        this.elements = elements;
    }

    /**
     * The storage a persistent id describes: {@code ("storage", class, key, location, elements, ...)}. The location
     * (a device) does not matter here.
     */
    @SuppressWarnings("unchecked")
    static TorchStorage of(Source source, Budget budget, Object persistentId) throws CheckpointException {
        if (!(persistentId instanceof List<?> fields)) {
            throw source.error("malformed pickle: persistent id");
        }
        var id = new PickleArgs(source, budget, "persistent id", (List<Object>) fields);
        var className = id.get(1, PickleGlobals.Global.class).name();
        var dtype = className.startsWith(STORAGE_MODULE)
                ? StoredType.ofTorchStorage(className.substring(STORAGE_MODULE.length())) : null;
        if (dtype == null || !id.get(0, String.class).equals("storage")) {
            throw id.malformed("storage class " + className);
        }
        return new TorchStorage(dtype, id.get(2, String.class), id.integer(4));
    }

    StoredType dtype() {
        return dtype;
    }

    String key() {
        return key;
    }

    long elements() {
        return elements;
    }

    void setData(Data data) {
        this.data = data;
    }

    /**
     * The storage's bytes.
     *
     * @param tensor name of a tensor over it, for messages
     * @throws CheckpointException if the file holds more or fewer than were declared
     */
    MemorySegment data(Source source, String tensor) throws CheckpointException {
        if (data == null) {
            throw source.error(tensor, "the file holds no data of storage " + key);
        }
        var bytes = data.read(tensor);
        long available = bytes.byteSize();
        if (elements < 0 || elements > available / dtype.byteSize() || elements * dtype.byteSize() != available) {
            throw source.error(tensor, "storage " + key + " is declared with " + elements + " elements of " + dtype
                    + ", the file holds " + available + " bytes of it");
        }
        return bytes;
    }
}
