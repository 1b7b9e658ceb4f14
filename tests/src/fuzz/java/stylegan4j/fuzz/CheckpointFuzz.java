package stylegan4j.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.NvlabsNetwork;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.feature.FeatureFile;

/** Any bytes as a checkpoint either read or end in a {@link CheckpointException}. */
public final class CheckpointFuzz {
    /** An .npz is deflated: at most 1032 bytes come of one. */
    private static final int RATIO = 2048;

    private CheckpointFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] file) throws IOException {
        Allocation.check(file.length, RATIO, () -> read(file));
    }

    private static void read(byte[] file) {
        try {
            Checkpoint read = Checkpoints.read(Path.of("fuzz"), file);
            NvlabsNetwork.of(read);
            NetworkPart.of(read);
            FeatureFile.of(read.file(), read.tensors());
            for (var tensor : read.tensors().values()) {
                if (tensor.byteSize() < 1 << 20) {
                    tensor.firstNonFinite();
                }
            }
        } catch (CheckpointException expected) {
            // How a file that is not one ends.
        }
    }
}
