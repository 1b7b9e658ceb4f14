package stylegan4j.stylegan.encoder;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;

/** An official class of encoders, which files name as {@code encoder_type}. */
sealed interface EncoderType permits StyleEncoderType, IdInvertType {
    /** All official names. */
    static List<String> names() {
        return all().map(EncoderType::officialName).toList();
    }

    /** The type of this official name, or null. */
    static EncoderType named(String name) {
        return all().filter(type -> type.officialName().equals(name)).findFirst().orElse(null);
    }

    private static Stream<EncoderType> all() {
        return Stream.concat(StyleEncoderType.ALL.stream(), Stream.of(IdInvertType.INSTANCE));
    }

    String officialName();

    /**
     * A new encoder of this class.
     *
     * @throws IllegalArgumentException if the shape says what this class has not, or does not fit the generator
     */
    EncoderConfig config(EncoderShape shape, Generator generator);

    /**
     * The sizes of an encoder that is kept in a file.
     *
     * @param file for messages
     * @param state its tensors by the official names
     * @param options the file's
     * @throws CheckpointException naming a tensor that is missing, or does not fit the generator
     */
    EncoderConfig config(Path file, Map<String, StoredTensor> state, Map<?, ?> options, Generator generator)
            throws CheckpointException;

    /**
     * The method it serves, of a file that does not name one.
     *
     * @param e4eOptions whether the file's options are those of e4e's code
     */
    EncoderKind kind(int channels, boolean e4eOptions);

    /** Whether a tensor of the head of such an encoder means the same in another one. */
    boolean serves(String name, EncoderConfig wanted);
}
