package stylegan4j.stylegan.translation;

import java.util.List;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * What an encoder looks at, on the host.
 *
 * @param values [channels, height, width]
 */
public record EncoderInput(int channels, int height, int width, float[] values) {
    /** Inputs of one shape as a batch [N, channels, height, width] in the open scope. */
    public static Tensor batch(List<EncoderInput> inputs) {
        return Scope.local(() -> Views.concat(inputs.stream().map(EncoderInput::tensor).toList(), 0));
    }

    /** [1, channels, height, width] in the open scope. */
    public Tensor tensor() {
        return Tensor.of(values, 1, channels, height, width);
    }

    /** The same, left and right exchanged. */
    EncoderInput mirrored() {
        float[] mirrored = new float[values.length];
        for (int row = 0; row < values.length; row += width) {
            for (int x = 0; x < width; x++) {
                mirrored[row + x] = values[row + width - 1 - x];
            }
        }
        return new EncoderInput(channels, height, width, mirrored);
    }
}
