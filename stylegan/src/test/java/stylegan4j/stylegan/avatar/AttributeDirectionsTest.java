package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

class AttributeDirectionsTest {
    @TempDir
    private Path folder;

    static AvatarVocabulary words() throws IOException {
        return AvatarVocabulary.parse(Files.readString(Path.of("datasets/avatars/vocabulary-avataaars.json")));
    }

    private static Generator generator() {
        return new Generator(GeneratorConfig.of(Map.of("z_dim", 8, "c_dim", 0, "w_dim", 13, "img_resolution", 16,
                "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2), "synthesis_kwargs",
                Map.of("channel_base", 128, "channel_max", 8))), Initializer.random(4));
    }

    @ParameterizedTest
    @EnumSource(EditableAttribute.class)
    void everyAttributeIsInTheVocabulary(EditableAttribute attribute) throws IOException {
        AvatarVocabulary words = words();
        float[] scores = new float[words.size()];
        double unsure = attribute.probability(scores, words);
        assertTrue(0 < unsure && unsure < 1, attribute + ": some values count, some do not: " + unsure);
        assertEquals(attribute, EditableAttribute.named(attribute.text()));
    }

    @Test
    void probabilityIsTheSoftmaxOfItsValues() throws IOException {
        AvatarVocabulary words = words();
        float[] scores = new float[words.size()];
        scores[words.offset("accessories") + words.attribute("accessories").indexOf("round")] = 100;
        assertEquals(1, EditableAttribute.GLASSES.probability(scores, words), 1e-9);
        assertEquals(5 / 6.0, EditableAttribute.BEARD.probability(scores, words), 1e-9, "five of six values");
    }

    @Test
    void foundDirectionsChangeTheirAttribute() throws IOException {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            Generator generator = generator();
            // a seed for which untrained heads tell four attributes apart; many seeds find none
            AvatarFeatures features = new AvatarFeatures(new AvatarNetwork(words().size(), Initializer.random(9)),
                    words());
            List<Direction> found = new DirectionFinder(generator, features).find(96, done -> { }).all();
            assertFalse(found.isEmpty());
            Tensor codes = generator.mapping(generator.latents(1000, 1001, 1002, 1003), null, Truncation.psi(1));
            for (Direction direction : found) {
                double norm = 0;
                for (float x : direction.normal()) {
                    norm += (double) x * x;
                }
                assertEquals(1, norm, 1e-5);
                assertTrue(mean(generator, features, direction, direction.apply(codes, 2))
                        > mean(generator, features, direction, direction.apply(codes, -2)), direction.toString());
            }
        }
    }

    private static double mean(Generator generator, AvatarFeatures features, Direction direction, Tensor codes) {
        return Autograd.noGrad(() -> {
            double sum = 0;
            for (int i = 0; i < codes.size(0); i++) {
                sum += direction.attribute().probability(features.scores(generator.synthesis(codes.slice(0, i, i + 1),
                        Noise.CONST).clamp(-1, 1)).toArray(), features.vocabulary());
            }
            return sum / codes.size(0);
        });
    }

    @Test
    void surviveTheirFile() throws IOException {
        float[] normal = {0.6f, 0, -0.8f};
        Path file = folder.resolve("directions.safetensors");
        new AttributeDirections(List.of(new Direction(EditableAttribute.LONG_HAIR, normal, 1.5, 0.75))).save(file);
        Direction read = AttributeDirections.load(file).all().getFirst();
        assertEquals(EditableAttribute.LONG_HAIR, read.attribute());
        assertEquals(1.5, read.spread());
        assertEquals(0.75, read.accuracy());
        assertArrayEquals(normal, read.normal(), 1e-3f, "half precision");
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            assertArrayEquals(new float[] {1.8f, 0, -2.4f}, read.apply(Tensor.zeros(1, 1, 3), 2).toArray(), 3e-3f);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> read.apply(Tensor.zeros(1, 1, 4), 1))
                    .getMessage().contains("long hair"));
        }
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(file, Map.of("a", StoredTensor.of(new float[1], 1)), Map.of());
        assertThrows(CheckpointException.class, () -> AttributeDirections.load(file));
        for (String facts : List.of("nonsense", "{\"glasses\":{\"spread\":1}}", "{\"tail\":{}}")) {
            Safetensors.write(file, Map.of("a", StoredTensor.of(new float[1], 1)), Map.of("directions", facts));
            assertThrows(CheckpointException.class, () -> AttributeDirections.load(file), facts);
        }
    }
}
