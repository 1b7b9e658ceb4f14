package stylegan4j.stylegan.encoder;

import java.util.Map;
import stylegan4j.nn.Initializer;

/** What an encoder is made of. */
public sealed interface EncoderConfig permits StyleEncoderConfig, IdInvertConfig {
    /** Channels of the input: 3 for pictures, 6 for a picture beside its reconstruction, more for label maps. */
    int channels();

    /** Rows and columns of the input. */
    int side();

    /** Number of codes. */
    int styles();

    /** Length of each. */
    int wDim();

    /** The network, in the open scope. */
    Encoder encoder(Initializer init);

    /**
     * The official class, which files name as {@code encoder_type}.
     *
     * @throws IllegalArgumentException if there is none
     */
    String officialName();

    /** What a file has to tell beside the class and the tensors for the same sizes to be found again. */
    Map<String, Object> options();
}
