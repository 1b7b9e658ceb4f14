package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The format of {@code torch.save} before version 1.6: five pickles (magic number, protocol, machine, object, storage
 * keys), then each storage's element count and bytes (torch/serialization.py, {@code _legacy_save}).
 */
public final class TorchLegacy {
    private static final int[] MAGIC = {0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, '.'};
    private static final int AFTER_PROTOCOL = 2;
    private static final int AFTER_FRAME = 11;
    private static final long PROTOCOL_VERSION = 1001;
    private static final int VIEW_FIELD = 5;

    private final Source source;
    private final Budget budget;
    private final Map<String, TorchStorage> storages = new LinkedHashMap<>();
    private final List<View> views = new ArrayList<>();

    /** Before torch 0.4 a storage could be a window of another one. */
    private record View(TorchStorage view, TorchStorage base, long offset) {
    }

    private TorchLegacy(Source source, Budget budget) {
        this.source = source;
        this.budget = budget;
    }

    static boolean matches(Source source) {
        return Pickle.matches(source)
                && (source.startsWith(AFTER_PROTOCOL, MAGIC) || source.startsWith(AFTER_FRAME, MAGIC));
    }

    static Checkpoint read(Source source) throws CheckpointException {
        var root = new TorchLegacy(source, new Budget()).load();
        return new Checkpoint(source, "torch-legacy", new PickleResolver(source).resolve(root), Map.of());
    }

    /** The storage in a blob that a pickle embeds; NVlabs' files keep every tensor so. */
    static TorchStorage storage(Source blob, Budget budget) throws CheckpointException {
        if (!matches(blob)) {
            throw blob.error("not saved by torch");
        }
        budget.enter(blob);
        var root = new TorchLegacy(blob, budget).load();
        budget.leave();
        if (root instanceof TorchStorage storage) {
            return storage;
        }
        throw blob.error("expected a bare storage");
    }

    private Object load() throws CheckpointException {
        source.seek(0);
        pickle();
        if (!(pickle() instanceof Long version) || version != PROTOCOL_VERSION) {
            throw source.error("legacy torch file of another version than " + PROTOCOL_VERSION);
        }
        if (!(pickle() instanceof Map<?, ?> machine) || !Boolean.TRUE.equals(machine.get("little_endian"))) {
            throw source.error("legacy torch file of a big-endian machine");
        }
        var root = pickle();
        if (!(pickle() instanceof List<?> keys)) {
            throw source.error("malformed legacy torch file: no list of storages");
        }
        for (var key : keys) {
            readStorage(storages.get(String.valueOf(key)), key);
        }
        for (var view : views) {
            slice(view);
        }
        return root;
    }

    private Object pickle() throws CheckpointException {
        return new Pickle(source, budget, this::persistent).load();
    }

    private Object persistent(Object id) throws CheckpointException {
        if (id instanceof List<?> fields && fields.size() > 1 && "module".equals(fields.get(0))) {
            // A class with its source text, which is not wanted.
            return fields.get(1);
        }
        var storage = TorchStorage.of(source, budget, id);
        var known = storages.putIfAbsent(storage.key(), storage);
        var base = known == null ? storage : known;
        if (base.dtype() != storage.dtype() || base.elements() != storage.elements()) {
            throw source.error("storage " + storage.key() + " is declared twice, differently");
        }
        return ((List<?>) id).size() > VIEW_FIELD && ((List<?>) id).get(VIEW_FIELD) instanceof List<?> view
                ? view(base, view) : base;
    }

    private TorchStorage view(TorchStorage base, List<?> fields) throws CheckpointException {
        if (fields.size() != 3 || !(fields.get(1) instanceof Long offset) || !(fields.get(2) instanceof Long size)) {
            throw source.error("malformed pickle: view of storage " + base.key());
        }
        var view = new TorchStorage(base.dtype(), base.key(), size);
        views.add(new View(view, base, offset));
        return view;
    }

    private void readStorage(TorchStorage storage, Object key) throws CheckpointException {
        long elements = source.i64();
        if (storage == null) {
            throw source.error("storage " + key + " belongs to no tensor");
        }
        int size = storage.dtype().byteSize();
        if (elements != storage.elements() || elements < 0 || elements > source.remaining() / size) {
            throw source.error("storage " + key + " is declared with " + storage.elements() + " elements of "
                    + storage.dtype() + ", then with " + elements + ", and " + source.remaining()
                    + " bytes are left in the file");
        }
        var bytes = source.take(elements * size);
        storage.setData(tensor -> bytes);
    }

    private void slice(View view) throws CheckpointException {
        var data = view.base.data(source, view.base.key());
        int size = view.base.dtype().byteSize();
        long available = data.byteSize() / size;
        if (view.offset < 0 || view.offset > available || view.view.elements() < 0
                || view.view.elements() > available - view.offset) {
            throw source.error("view of storage " + view.base.key() + " reaches outside it");
        }
        var window = data.asSlice(view.offset * size, view.view.elements() * size);
        view.view.setData(tensor -> window);
    }

    /**
     * Writes what {@code torch.load} of any version reads.
     *
     * @param root a {@link StoredTensor}, or maps and lists of such, strings, numbers, booleans and nulls
     * @throws IllegalArgumentException if it holds anything else
     */
    public static void write(Path file, Object root) throws IOException {
        var object = new PickleWriter(true);
        object.write(root);
        var keys = new ArrayList<Object>(object.storages().keySet());
        AtomicFile.write(file, out -> {
            out.write(new byte[] {(byte) 0x80, 2});
            for (int b : MAGIC) {
                out.write(new byte[] {(byte) b});
            }
            out.write(PickleWriter.pickle(PROTOCOL_VERSION));
            out.write(PickleWriter.pickle(machine()));
            out.write(object.toBytes());
            out.write(PickleWriter.pickle(keys));
            for (var tensor : object.storages().values()) {
                out.write(PickleWriter.littleEndian(tensor.elements()));
                out.write(tensor.data());
            }
        });
    }

    private static Map<String, Object> machine() {
        var machine = new LinkedHashMap<String, Object>();
        machine.put("protocol_version", PROTOCOL_VERSION);
        machine.put("little_endian", true);
        var sizes = new LinkedHashMap<String, Object>();
        sizes.put("short", 2);
        sizes.put("int", 4);
        sizes.put("long", 4);
        machine.put("type_sizes", sizes);
        return machine;
    }
}
