package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Tensor;

/** Codes w in files. */
final class Codes {
    private Codes() {
    }

    /**
     * Reads codes [N, num_ws, w_dim] or [num_ws, w_dim] that fit the generator: the entry {@code w} of a file with
     * several tensors, as the official projector writes it, or the only one.
     */
    static Tensor read(Path file, Generator generator) throws IOException {
        Map<String, StoredTensor> tensors = Checkpoints.read(file).tensors();
        String name = tensors.containsKey("w") || tensors.size() != 1 ? "w" : tensors.keySet().iterator().next();
        StoredTensor codes = tensors.get(name);
        if (codes == null) {
            throw new CheckpointException(file, name, "not in the file");
        }
        int[] shape = Arrays.stream(codes.shape()).mapToInt(Math::toIntExact).toArray();
        int[] whole = shape.length == 2 ? new int[] {1, shape[0], shape[1]} : shape;
        int numWs = generator.numWs();
        int wDim = generator.config().wDim();
        if (whole.length != 3 || whole[1] != numWs || whole[2] != wDim) {
            throw new CheckpointException(file, name, "expected codes of shape [N, " + numWs + ", " + wDim
                    + "], got " + Arrays.toString(shape));
        }
        return Tensor.of(codes.toFloats(), whole);
    }
}
