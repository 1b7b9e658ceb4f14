package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.tensor.Tensor;

/** Codes w in files, and the noise maps that were found with them. */
final class Codes {
    /** The codes' entry. */
    static final String W = "w";
    /** What the entries of noise maps begin with; the layer's name follows. */
    static final String NOISE = "noise/";

    private Codes() {
    }

    /**
     * Reads codes [N, num_ws, w_dim] or [num_ws, w_dim] that fit the generator: the entry {@code w} of a file with
     * several tensors, as the official projector writes it, or the only one.
     */
    static Tensor read(Path file, Generator generator) throws IOException {
        Map<String, StoredTensor> tensors = Checkpoints.read(file).tensors();
        String name = tensors.containsKey(W) || tensors.size() != 1 ? W : tensors.keySet().iterator().next();
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

    /**
     * The noise maps that a file has beside its codes, or null if it has none.
     *
     * @throws CheckpointException if they are not those of the generator's layers
     */
    static Map<String, Tensor> noise(Path file, Generator generator) throws IOException {
        Map<String, StoredTensor> tensors = Checkpoints.read(file).tensors();
        if (tensors.keySet().stream().noneMatch(name -> name.startsWith(NOISE))) {
            return null;
        }
        Map<String, Tensor> maps = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> layer : generator.synthesis().noiseMaps().entrySet()) {
            StoredTensor map = tensors.get(NOISE + layer.getKey());
            int[] own = layer.getValue().shape();
            if (map == null || map.shape().length != 4 || map.shape()[1] != 1 || map.shape()[2] != own[2]
                    || map.shape()[3] != own[3]) {
                throw new CheckpointException(file, NOISE + layer.getKey(), "expected noise of shape [N, 1, " + own[2]
                        + ", " + own[3] + "], got " + (map == null ? "none" : map));
            }
            maps.put(layer.getKey(), Tensor.of(map.toFloats(), Math.toIntExact(map.shape()[0]), 1, own[2], own[3]));
        }
        return maps;
    }

    /** The noise of one of the codes. */
    static Noise noiseOf(Map<String, Tensor> maps, int code) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        maps.forEach((layer, map) -> own.put(layer, map.size(0) == 1 ? map : map.slice(0, code, code + 1)));
        return Noise.of(own);
    }
}
