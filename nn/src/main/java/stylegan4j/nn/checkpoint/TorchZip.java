package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The format of {@code torch.save} since version 1.6: a zip archive of a pickle ({@code data.pkl}) and of one entry for
 * each storage ({@code data/KEY}) (torch/serialization.py, {@code _save}).
 */
public final class TorchZip {
    private static final String PICKLE = "data.pkl";

    private TorchZip() {
    }

    static boolean matches(Zip zip) {
        return folder(zip) != null;
    }

    /** The archive's single top-level folder with its slash, or null if there is no pickle in one. */
    private static String folder(Zip zip) {
        for (var name : zip.names()) {
            int slash = name.indexOf('/');
            if (slash >= 0 && name.substring(slash + 1).equals(PICKLE)) {
                return name.substring(0, slash + 1);
            }
        }
        return null;
    }

    static Checkpoint read(Zip zip) throws CheckpointException {
        var source = zip.source();
        var folder = folder(zip);
        if (zip.names().contains(folder + "byteorder") && !text(zip.read(folder + "byteorder")).equals("little")) {
            throw source.error("saved on a big-endian machine");
        }
        var budget = new Budget();
        var storages = new HashMap<String, MemorySegment>();
        var pickle = new Pickle(source.over(PICKLE, zip.read(folder + PICKLE)), budget, id -> {
            var storage = TorchStorage.of(source, budget, id);
            storage.setData(tensor -> {
                if (!storages.containsKey(storage.key())) {
                    var data = zip.about("tensor " + tensor).read(folder + "data/" + storage.key());
                    storages.put(storage.key(), data);
                }
                return storages.get(storage.key());
            });
            return storage;
        });
        return new Checkpoint(source, "torch", new PickleResolver(source).resolve(pickle.load()), Map.of());
    }

    private static String text(MemorySegment bytes) {
        return bytes.byteSize() > 16 ? "" : new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    /**
     * Writes what {@code torch.load} reads, with {@code weights_only} too.
     *
     * @param root a {@link StoredTensor}, or maps and lists of such, strings, numbers, booleans and nulls
     * @throws IllegalArgumentException if it holds anything else
     */
    public static void write(Path file, Object root) throws IOException {
        var object = new PickleWriter(false);
        object.write(root);
        var folder = "archive/";
        AtomicFile.write(file, out -> {
            var zip = new ZipWriter(out);
            zip.entry(folder + PICKLE, MemorySegment.ofArray(object.toBytes()));
            zip.entry(folder + "byteorder", ascii("little"));
            for (var storage : object.storages().entrySet()) {
                zip.entry(folder + "data/" + storage.getKey(), storage.getValue().data());
            }
            zip.entry(folder + "version", ascii("3\n"));
            zip.end();
        });
    }

    private static MemorySegment ascii(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.US_ASCII));
    }
}
