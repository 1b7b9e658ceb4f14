package stylegan4j.stylegan.data;

import stylegan4j.tensor.Tensor;

/**
 * Pictures on the host, ready for a network.
 *
 * @param pixels [N, C, H, W] from −1 (black) to 1
 * @param labels [N, L], empty where there are none
 */
public record Batch(int size, int channels, int resolution, float[] pixels, int labelSize, float[] labels) {
    /** [N, C, H, W] in the open scope. */
    public Tensor pictures() {
        return Tensor.of(pixels, size, channels, resolution, resolution);
    }

    /** [N, L] in the open scope, or null where there are none. */
    public Tensor conditions() {
        return labelSize == 0 ? null : Tensor.of(labels, size, labelSize);
    }
}
