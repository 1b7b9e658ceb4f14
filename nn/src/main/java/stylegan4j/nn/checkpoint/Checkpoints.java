package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

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
        var source = Source.map(file);
        if (Npy.matches(source)) {
            return Npy.read(source);
        }
        if (Zip.matches(source)) {
            var zip = Zip.open(source);
            if (Npz.matches(zip)) {
                return Npz.read(zip);
            }
        }
        if (Safetensors.matches(source)) {
            return Safetensors.read(source);
        }
        throw source.error(source.size() == 0 ? "empty file" : "not a checkpoint of a known format");
    }
}
