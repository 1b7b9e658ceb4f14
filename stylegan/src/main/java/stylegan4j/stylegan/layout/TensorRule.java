package stylegan4j.stylegan.layout;

import java.util.Arrays;
import stylegan4j.nn.checkpoint.StoredTensor;

/**
 * How one tensor of a network is stored.
 *
 * @param stored name in the file
 * @param name name in our networks, which is NVlabs'
 * @param leading dimensions of size 1 that the stored one has in front
 * @param trailing dimensions of size 1 that the stored one has behind
 * @param scale stored values are ours times this
 */
public record TensorRule(String stored, String name, int leading, int trailing, double scale) {
    static TensorRule same(String stored, String name) {
        return new TensorRule(stored, name, 0, 0, 1);
    }

    static TensorRule padded(String stored, String name, int leading, int trailing) {
        return new TensorRule(stored, name, leading, trailing, 1);
    }

    TensorRule scaled(double factor) {
        return new TensorRule(stored, name, leading, trailing, factor);
    }

    /** The stored shape of a tensor that has this shape in the network. */
    public long[] storedShape(long... shape) {
        long[] padded = new long[leading + shape.length + trailing];
        Arrays.fill(padded, 1);
        System.arraycopy(shape, 0, padded, leading, shape.length);
        return padded;
    }

    /** The network's shape of a stored tensor, or null if that has too few dimensions. */
    public long[] networkShape(long... storedShape) {
        return storedShape.length < leading + trailing ? null
                : Arrays.copyOfRange(storedShape, leading, storedShape.length - trailing);
    }

    /** From the file to the network. */
    public StoredTensor toNetwork(StoredTensor tensor) {
        return converted(tensor, 1 / scale, networkShape(tensor.shape()));
    }

    /** From the network to the file. */
    public StoredTensor toStored(StoredTensor tensor) {
        return converted(tensor, scale, storedShape(tensor.shape()));
    }

    private static StoredTensor converted(StoredTensor tensor, double factor, long... shape) {
        if (factor == 1) {
            return StoredTensor.of(tensor.dtype(), tensor.data(), shape);
        }
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) factor;
        }
        return StoredTensor.of(values, shape);
    }
}
