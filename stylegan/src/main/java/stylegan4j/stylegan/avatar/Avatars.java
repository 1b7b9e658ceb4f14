package stylegan4j.stylegan.avatar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;

/**
 * What ships with the library: networks that were trained here on cartoon avatars, and pictures they have not seen.
 * {@code MODEL_CARD.md} beside them says how they were made. Networks belong to the scope that is open when they are
 * loaded.
 */
public final class Avatars {
    private static final String FOLDER = "/stylegan4j/avatar/";
    private static final List<String> HELDOUT = List.of("heldout-5", "heldout-12", "heldout-17", "heldout-23");

    private static final List<EncoderKind> ENCODERS = List.of(EncoderKind.PSP, EncoderKind.E4E,
            EncoderKind.RESTYLE_PSP, EncoderKind.RESTYLE_E4E);
    private static final Map<String, String> TRANSLATIONS = Map.of("encode", "psp", "stylize", "psp", "segmentation",
            "segmentation");

    private Avatars() {
    }

    /** The generator. */
    public static Generator generator() {
        return read("generator.safetensors", Networks::loadGenerator);
    }

    /** The feature network: perceptual distance, identity, attributes. */
    public static AvatarFeatures features() {
        return read("features.safetensors", AvatarFeatures::of);
    }

    /** Directions of the generator's W along which attributes change. */
    public static AttributeDirections directions() {
        return read("directions.safetensors", AttributeDirections::of);
    }

    /**
     * An encoder for the generator.
     *
     * @param generator of {@link #generator()}
     * @throws IllegalArgumentException if none of this kind ships
     * @throws UncheckedIOException if the generator is another one
     */
    public static EncoderModel encoder(EncoderKind kind, Generator generator) {
        if (!ENCODERS.contains(kind)) {
            throw new IllegalArgumentException("avatars: of encoders ship " + ENCODERS + ", got " + kind);
        }
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".safetensors";
        return read("encoder/" + name, checkpoint -> EncoderModel.of(checkpoint, generator));
    }

    /** All encoders that ship, for the {@link #generator()}. */
    public static List<EncoderModel> encoders(Generator generator) {
        return ENCODERS.stream().map(kind -> encoder(kind, generator)).toList();
    }

    /**
     * An encoder that makes avatars of a task's inputs, for the generator.
     *
     * @param task by its own name
     * @param generator of {@link #generator()}
     * @return null if none ships for this task
     * @throws UncheckedIOException if the generator is another one
     */
    public static EncoderModel translation(String task, Generator generator) {
        String name = TRANSLATIONS.get(task);
        return name == null ? null
                : read("encoder/" + name + ".safetensors", checkpoint -> EncoderModel.of(checkpoint, generator));
    }

    /** Four pictures that no network was trained on, by the seeds that drew them, [3, 64, 64]. */
    public static Map<String, Image> heldout() {
        Map<String, Image> pictures = new LinkedHashMap<>();
        for (String seed : HELDOUT) {
            String name = "heldout/" + seed + ".png";
            try {
                pictures.put(seed, Images.read(Path.of(FOLDER + name), bytes(name)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return pictures;
    }

    /** What is made of a checkpoint. */
    private interface Reader<T> {
        T of(Checkpoint checkpoint) throws IOException;
    }

    private static <T> T read(String name, Reader<T> reader) {
        try {
            return reader.of(Checkpoints.read(Path.of(FOLDER + name), bytes(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Avatars.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IOException(FOLDER + name + ": not in this build");
            }
            return in.readAllBytes();
        }
    }
}
