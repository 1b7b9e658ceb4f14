package stylegan4j.stylegan.encoder;

import stylegan4j.nn.Module;
import stylegan4j.tensor.Tensor;

/** A network that makes codes of pictures. */
public abstract sealed class Encoder extends Module permits StyleEncoder, IdInvertEncoder {
    /** What it is made of. */
    public abstract EncoderConfig config();

    /**
     * The codes of an encoder while it is trained.
     *
     * @param x pictures [N, channels, side, side] in −1…1
     * @param stage how many offsets from the first style are open (e4e, section 3.1); others than progressive encoders
     *     do not look at it
     * @return codes, or offsets from the average one, [N, styles, wDim]
     */
    public abstract Tensor codes(Tensor x, int stage);

    /** All codes of pictures [N, channels, side, side] in −1…1, or offsets from the average one: [N, styles, wDim]. */
    public final Tensor codes(Tensor x) {
        return codes(x, config().styles());
    }
}
