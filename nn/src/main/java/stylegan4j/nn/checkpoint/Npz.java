package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** numpy's format of several named arrays: a zip archive of {@link Npy} entries. */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {
    }

    static boolean matches(Zip zip) {
        return !zip.names().isEmpty() && zip.names().stream().allMatch(name -> name.endsWith(SUFFIX));
    }

    static Checkpoint read(Zip zip) throws CheckpointException {
        var root = new LinkedHashMap<String, Object>();
        for (var entry : zip.names()) {
            var name = entry.substring(0, entry.length() - SUFFIX.length());
            root.put(name, Npy.parse(zip.source().over("tensor " + name, zip.read(entry))));
        }
        return new Checkpoint(zip.source(), "npz", root, Map.of());
    }

    /**
     * Writes named arrays, uncompressed.
     *
     * @throws IllegalArgumentException if numpy has no such element type (bfloat16)
     */
    public static void write(Path file, Map<String, StoredTensor> tensors) throws IOException {
        var headers = new LinkedHashMap<String, MemorySegment>();
        tensors.forEach((name, tensor) -> headers.put(name, MemorySegment.ofArray(Npy.header(tensor))));
        AtomicFile.write(file, out -> {
            var zip = new ZipWriter(out);
            for (var entry : tensors.entrySet()) {
                zip.entry(entry.getKey() + SUFFIX, headers.get(entry.getKey()), entry.getValue().data());
            }
            zip.end();
        });
    }
}
