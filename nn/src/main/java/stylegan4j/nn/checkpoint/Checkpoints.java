package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/** Reads any checkpoint format, recognised by content. */
public final class Checkpoints {
    private Checkpoints() {
    }

    /**
     * Reads a checkpoint: safetensors, npy, npz, torch (zip or legacy) or a pickle such as NVlabs publishes. Tensor
     * bytes stay in the file, memory-mapped.
     *
     * @throws CheckpointException                 if it is none of these, or malformed, or asks for a Python class that
     *                                             is not known to be harmless
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public static Checkpoint read(Path file) throws IOException {
        return read(Source.map(file));
    }

    /**
     * Reads a checkpoint that is already in memory, for example a resource.
     *
     * @param name what to call it in messages
     * @throws CheckpointException as {@link #read(Path)}
     */
    public static Checkpoint read(Path name, byte[] bytes) throws CheckpointException {
        return read(Source.of(name, MemorySegment.ofArray(bytes).asReadOnly()));
    }

    static Checkpoint read(Source source) throws CheckpointException {
        if (Npy.matches(source)) {
            return Npy.read(source);
        }
        if (Zip.matches(source)) {
            return readZip(Zip.open(source));
        }
        if (Safetensors.matches(source)) {
            return Safetensors.read(source);
        }
        if (TorchLegacy.matches(source)) {
            return TorchLegacy.read(source);
        }
        if (Pickle.matches(source)) {
            return readPickle(source);
        }
        throw source.error(source.size() == 0 ? "empty file" : "not a checkpoint of a known format");
    }

    private static Checkpoint readZip(Zip zip) throws CheckpointException {
        if (TorchZip.matches(zip)) {
            return TorchZip.read(zip);
        }
        if (Npz.matches(zip)) {
            return Npz.read(zip);
        }
        throw zip.source().error("a zip archive, but neither torch's nor numpy's");
    }

    private static Checkpoint readPickle(Source source) throws CheckpointException {
        var pickle = new Pickle(source, new Budget(), id -> {
            throw source.error("malformed pickle: persistent id in a plain pickle");
        });
        return new Checkpoint(source, "pickle", new PickleResolver(source).resolve(pickle.load()), Map.of());
    }
}
