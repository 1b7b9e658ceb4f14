package stylegan4j.stylegan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.Initializer;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class SynthesisTest {
    private static final GeneratorConfig CONFIG = new GeneratorConfig(10, 0, 12, 16, 3,
            MappingConfig.DEFAULT.withNumLayers(2), SynthesisConfig.DEFAULT.withChannels(new Channels(112, 13)));

    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu();
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private static Generator generator(GeneratorConfig config) {
        Generator generator = new Generator(config, Initializer.random(5));
        // Noise has no strength before training.
        generator.parameters().forEach((name, p) -> {
            if (name.endsWith("noise_strength")) {
                Autograd.noGrad(() -> p.assign(Tensor.scalar(0.5f)));
            }
        });
        return generator;
    }

    @Test
    void aNonSquareConstantMakesNonSquarePictures() {
        Generator generator = generator(CONFIG.withSynthesis(CONFIG.synthesis().withConstant(3, 7)));
        Tensor picture = generator.forward(generator.latents(1), null, Truncation.NONE, Noise.CONST);
        assertArrayEquals(new int[] {1, 3, 12, 28}, picture.shape());
        Tensor other = generator.forward(generator.latents(1), null, Truncation.NONE,
                Noise.random(new RandomNumbers(1)));
        assertArrayEquals(picture.shape(), other.shape());
    }

    @Test
    void stylesMakeTheSamePictureAsTheirCodes() {
        Generator generator = generator(CONFIG);
        Tensor ws = generator.mapping(generator.latents(3, 4), null, Truncation.NONE);
        StyleCodes styles = generator.synthesis().styles(ws);
        assertEquals(List.of("b4.conv1", "b4.torgb", "b8.conv0", "b8.conv1", "b8.torgb", "b16.conv0", "b16.conv1",
                "b16.torgb"), List.copyOf(styles.layers().keySet()));
        float[] picture = generator.synthesis(ws, Noise.CONST).toArray();
        assertArrayEquals(picture, generator.synthesis().forward(styles, Noise.CONST).toArray());
        StyleCodes edited = styles.with("b8.conv1", styles.of("b8.conv1").add(1));
        assertFalse(Arrays.equals(picture, generator.synthesis().forward(edited, Noise.CONST).toArray()));
        assertThrows(IllegalArgumentException.class, () -> styles.with("b8.conv2", ws));
    }

    @Test
    void givenNoiseMapsAreUsed() {
        Generator generator = generator(CONFIG);
        Tensor ws = generator.mapping(generator.latents(3), null, Truncation.NONE);
        Map<String, Tensor> maps = new HashMap<>();
        generator.state().forEach((name, map) -> {
            if (name.endsWith("noise_const")) {
                String layer = name.replace("synthesis.", "").replace(".noise_const", "");
                maps.put(layer, map.reshape(1, 1, map.size(0), map.size(1)));
            }
        });
        float[] constant = generator.synthesis(ws, Noise.CONST).toArray();
        assertArrayEquals(constant, generator.synthesis(ws, Noise.of(maps)).toArray());
        float[] random = generator.synthesis(ws, Noise.random(new RandomNumbers(9))).toArray();
        assertArrayEquals(random, generator.synthesis(ws, Noise.random(new RandomNumbers(9))).toArray());
        assertFalse(Arrays.equals(constant, random));
        assertFalse(Arrays.equals(constant, generator.synthesis(ws, Noise.NONE).toArray()));
        maps.remove("b8.conv0");
        var e = assertThrows(IllegalArgumentException.class, () -> generator.synthesis(ws, Noise.of(maps)));
        assertTrue(e.getMessage().contains("b8.conv0"), e.getMessage());
    }

    @Test
    void mixingReplacesTheNamedLayers() {
        Tensor a = Tensor.zeros(2, 5, 3);
        Tensor b = Tensor.ones(2, 5, 3);
        float[] perLayer = LatentCodes.mix(a, b, 4, 0, 1).select(0, 1).select(1, 2).toArray();
        assertArrayEquals(new float[] {1, 1, 0, 0, 1}, perLayer);
        assertArrayEquals(a.toArray(), LatentCodes.mix(a, b).toArray());
        assertThrows(IllegalArgumentException.class, () -> LatentCodes.mix(a, b, 5));
        assertThrows(IllegalArgumentException.class, () -> LatentCodes.mix(a, Tensor.ones(2, 4, 3), 0));
    }

    @Test
    void truncationMovesLayersBelowTheCutoff() {
        Generator generator = generator(CONFIG);
        Autograd.noGrad(() -> generator.mapping().wAvg().assign(Tensor.range(12)));
        Tensor ws = generator.mapping(generator.latents(3), null, Truncation.NONE);
        Tensor moved = generator.mapping(generator.latents(3), null, new Truncation(0, 2));
        assertArrayEquals(Tensor.range(12).toArray(), moved.select(0, 0).select(0, 1).toArray());
        assertArrayEquals(ws.select(1, 2).toArray(), moved.select(1, 2).toArray());
        Tensor none = generator.mapping(generator.latents(3), null, new Truncation(0.5, 0));
        assertArrayEquals(ws.toArray(), none.toArray());
    }

    @Test
    void synthesisLeavesNothingButThePicture() {
        Generator generator = generator(CONFIG);
        Tensor ws = generator.mapping(generator.latents(3), null, Truncation.NONE);
        Autograd.noGrad(() -> generator.synthesis(ws, Noise.CONST)); // layers may keep what they derive from weights
        int before = scope.size();
        Autograd.noGrad(() -> generator.synthesis(ws, Noise.CONST));
        assertEquals(before + 1, scope.size());
    }

    @Test
    void listenersMayKeepWhatTheySee() {
        Generator generator = generator(CONFIG);
        Tensor ws = generator.mapping(generator.latents(3), null, Truncation.NONE);
        Map<String, Tensor> seen = new LinkedHashMap<>();
        Tensor picture = generator.synthesis().forward(ws, Noise.CONST, LayerListener.collect(seen));
        assertArrayEquals(picture.toArray(), seen.get("b16.img").toArray());
        assertArrayEquals(new int[] {1, 13, 8, 8}, seen.get("b8.conv0").shape());
        assertArrayEquals(new int[] {1, 7, 16, 16}, seen.get("b16.x").shape());
    }

    @Test
    void theNumberOfThreadsChangesNothing() {
        float[][] pictures = new float[2][];
        for (int threads = 1; threads <= 2; threads++) {
            try (var other = Device.cpu(threads); var _ = other.open()) {
                Generator generator = generator(CONFIG);
                pictures[threads - 1] = generator.forward(generator.latents(3), null, Truncation.NONE,
                        Noise.random(new RandomNumbers(2))).toArray();
            }
        }
        assertArrayEquals(pictures[0], pictures[1]);
    }

    @Test
    void wrongShapesAreNamed() {
        Generator generator = generator(CONFIG);
        var e = assertThrows(IllegalArgumentException.class,
                () -> generator.synthesis(Tensor.zeros(1, 5, 12), Noise.CONST));
        assertEquals("synthesis: ws must be [N, 6, 12], got F32[1, 5, 12]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class,
                () -> generator.mapping(Tensor.zeros(1, 9), null, Truncation.NONE));
        assertEquals("mapping: z must be [N, 10], got F32[1, 9]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> generator.labels(0));
        assertTrue(e.getMessage().contains("no classes"), e.getMessage());
    }
}
