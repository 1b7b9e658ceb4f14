package stylegan4j.stylegan.encoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;

/**
 * Weights that a training begins with.
 *
 * @param tensors by the official names of an encoder
 * @param type of the encoder they are from; null for a body alone
 */
record WarmStart(Path file, Map<String, StoredTensor> tensors, EncoderType type) {
    static WarmStart of(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        if (checkpoint.tensors().containsKey("input_layer.0.weight")) {
            return new WarmStart(file, checkpoint.tensors(), null);
        }
        if (checkpoint.tensors().containsKey(IdInvertType.FIRST)) {
            return new WarmStart(file, checkpoint.tensors(), IdInvertType.INSTANCE);
        }
        EncoderFile encoder = EncoderFile.of(checkpoint);
        return new WarmStart(file, encoder.encoder(), encoder.type());
    }

    /** @return how many tensors were taken */
    int into(Encoder encoder) throws CheckpointException {
        Map<String, StoredTensor> values = new LinkedHashMap<>(encoder.save());
        int taken = 0;
        for (Map.Entry<String, StoredTensor> entry : values.entrySet()) {
            StoredTensor given = serves(entry.getKey(), encoder.config()) ? tensors.get(entry.getKey()) : null;
            StoredTensor fitted = given == null ? null : fitted(given, entry.getValue());
            if (fitted != null) {
                entry.setValue(fitted);
                taken++;
            }
        }
        if (taken == 0) {
            throw new CheckpointException(file, "holds nothing that the encoder to train could begin with");
        }
        encoder.load(values);
        return taken;
    }

    private boolean serves(String name, EncoderConfig wanted) {
        boolean inBody = name.startsWith("input_layer.") || name.startsWith("body.") || name.startsWith("latlayer")
                || name.startsWith("conv1.") || name.startsWith("bn1.") || name.startsWith("relu.");
        return inBody || type != null && type.serves(name, wanted);
    }

    /**
     * The given tensor, or the own one with its first input channels replaced; null if neither fits. Further channels
     * begin at zero where a whole encoder is given, so that what it knows is not lost in noise.
     */
    private StoredTensor fitted(StoredTensor given, StoredTensor own) {
        long[] from = given.shape();
        long[] to = own.shape();
        if (Arrays.equals(from, to)) {
            return given;
        }
        boolean wider = from.length == 4 && to.length == 4 && from[0] == to[0] && from[1] < to[1]
                && from[2] == to[2] && from[3] == to[3];
        if (!wider) {
            return null;
        }
        float[] values = type == null ? own.toFloats() : new float[Math.toIntExact(own.elements())];
        float[] first = given.toFloats();
        int kernel = (int) (from[2] * from[3]);
        int length = (int) from[1] * kernel;
        for (int i = 0; i < from[0]; i++) {
            System.arraycopy(first, i * length, values, i * (int) to[1] * kernel, length);
        }
        return StoredTensor.of(values, to);
    }
}
