package stylegan4j.stylegan.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.Body;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class EncoderModelTest extends OnDevice {
    private static final int W_DIM = 5;

    @TempDir
    private Path folder;

    /** A generator of 64 pixels, whose ten codes reach all levels of a pyramid. */
    private static Generator generator() {
        return new Generator(GeneratorConfig.of(Map.of("z_dim", W_DIM, "c_dim", 0, "w_dim", W_DIM,
                "img_resolution", 64, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                "synthesis_kwargs", Map.of("channel_base", 64, "channel_max", 4))), Initializer.random(3));
    }

    private static EncoderModel model(EncoderKind kind, Head head, boolean resNet) {
        Body body = resNet ? new ResNetBody(List.of(1, 2, 1, 1), 4, false)
                : new IrBody(List.of(1, 1, 2, 1), List.of(16, 18, 20, 32), true);
        Generator generator = generator();
        StyleEncoder encoder = new StyleEncoder(new StyleEncoderConfig(body, head, kind.isIterative() ? 6 : 3,
                head.hasBlocks() ? 64 : StyleEncoderConfig.OFFICIAL_SIDE, generator.numWs(), W_DIM),
                Initializer.random(4));
        Tensor average = new RandomNumbers(5).normal(generator.numWs(), W_DIM);
        return new EncoderModel(kind, encoder, generator, average, kind.isIterative() ? 3 : 1);
    }

    private static Tensor pictures(int n) {
        return new RandomNumbers(6).uniform(n, 3, 64, 64).mul(2).sub(1);
    }

    @ParameterizedTest
    @CsvSource({"PSP, PYRAMID, false", "E4E, PROGRESSIVE_PYRAMID, false", "RESTYLE_PSP, LAST_LEVEL, true",
        "RESTYLE_E4E, PROGRESSIVE_LAST_LEVEL, false", "RESTYLE_PSP, PYRAMID, true", "PSP, INTO_W, false",
        "PSP, INTO_W_PLUS, false"})
    void aSavedModelIsTheSameModel(EncoderKind kind, Head head, boolean resNet) throws IOException {
        EncoderModel model = model(kind, head, resNet);
        Path file = folder.resolve("model.pt");
        model.save(file);
        EncoderModel read = EncoderModel.load(file);
        assertEquals(kind, read.kind());
        assertEquals(model.encoder().config(), read.encoder().config());
        assertEquals(model.steps(), read.steps());
        Autograd.noGrad(() -> {
            Tensor x = pictures(2);
            Tensor codes = model.encode(x);
            assertArrayEquals(new int[] {2, 10, W_DIM}, codes.shape());
            assertArrayEquals(codes.toArray(), read.encode(x).toArray());
            assertArrayEquals(model.picture(codes).toArray(), read.picture(codes).toArray());
        });
    }

    private static EncoderModel idInvert(List<Integer> widths, Generator generator) {
        Encoder encoder = new IdInvertConfig(widths, 3, generator.numWs(), W_DIM, false, true)
                .encoder(Initializer.random(4));
        return new EncoderModel(EncoderKind.IDINVERT, encoder, generator, null, 1);
    }

    /** An encoder of fewer pixels than the generator's, whose number of codes its size would not tell. */
    @Test
    void idInvertsModelIsTheSameWhenSaved() throws IOException {
        EncoderModel model = idInvert(List.of(6, 9, 7), generator());
        Path whole = folder.resolve("model.pt");
        Path alone = folder.resolve("encoder.safetensors");
        model.save(whole);
        model.saveEncoder(alone, Map.of());
        EncoderModel read = EncoderModel.load(whole);
        EncoderModel half = EncoderModel.load(alone, model.decoder());
        assertEquals(EncoderKind.IDINVERT, read.kind());
        assertEquals(model.encoder().config(), read.encoder().config());
        assertEquals(model.encoder().config(), half.encoder().config());
        Autograd.noGrad(() -> {
            float[] codes = model.encode(pictures(2)).toArray();
            assertEquals(2 * 10 * W_DIM, codes.length);
            assertArrayEquals(codes, read.encode(pictures(2)).toArray());
            // Each of the four layers' weights is off by 2^-11 of itself at most, and so is the result.
            float largest = 0;
            for (float code : codes) {
                largest = Math.max(largest, Math.abs(code));
            }
            assertArrayEquals(codes, half.encode(pictures(2)).toArray(), 1e-2f * largest);
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void saysWhatIsWrongWithAFileOfIdInverts() throws IOException {
        EncoderModel model = idInvert(List.of(6, 9, 7), generator());
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        model.encoder().save().forEach((name, tensor) -> state.put("encoder." + name, tensor));
        NetworkWriter.rosinality(model.decoder()).forEach((name, tensor) -> state.put("decoder." + name, tensor));
        Map<String, Object> root = new LinkedHashMap<>(Map.of("state_dict", state, "opts", Map.of("encoder_type",
                "StyleGANEncoderNet", "output_size", 64, "start_from_latent_avg", false)));
        assertEquals(EncoderKind.IDINVERT, EncoderModel.load(file(root)).kind());
        StoredTensor last = state.put("encoder.block3.fc.weight", StoredTensor.of(new float[3 * 112], 3, 112));
        assertRefused(": the encoder makes codes of 3 numbers, the generator takes [10, 5]",
                () -> EncoderModel.load(file(root)));
        state.remove("encoder.block3.fc.weight");
        assertRefused(": expected IDInvert's encoder: no block3.fc.weight", () -> EncoderModel.load(file(root)));
        state.put("encoder.block3.fc.weight", last);
        state.remove("encoder.block2.conv1.weight");
        assertRefused("block2.conv1.weight", () -> EncoderModel.load(file(root)));
    }

    @Test
    void stagesOpenOffsetsOneByOne() {
        EncoderModel model = model(EncoderKind.E4E, Head.PROGRESSIVE_PYRAMID, false);
        Autograd.noGrad(() -> {
            Tensor all = model.encoder().codes(pictures(1));
            Tensor some = model.encoder().codes(pictures(1), 4);
            assertArrayEquals(all.slice(1, 0, 5).toArray(), some.slice(1, 0, 5).toArray());
            for (int i = 5; i < 10; i++) {
                assertArrayEquals(all.select(1, 0).toArray(), some.select(1, i).toArray());
            }
        });
    }

    @Test
    void refinementAddsToTheCodesBefore() {
        EncoderModel model = model(EncoderKind.RESTYLE_PSP, Head.LAST_LEVEL, true);
        Autograd.noGrad(() -> {
            List<Tensor> steps = model.refine(pictures(2), 3);
            assertArrayEquals(steps.getLast().toArray(), model.encode(pictures(2)).toArray());
            assertArrayEquals(steps.get(1).toArray(), model.refine(pictures(2), 2).getLast().toArray());
            // One picture of a batch is refined as it is alone; sums of another order differ by rounding.
            assertArrayEquals(model.encode(pictures(2).slice(0, 1, 2)).toArray(),
                    steps.getLast().slice(0, 1, 2).contiguous().toArray(), 1e-4f);
        });
    }

    private Path file(Map<String, ?> root) throws IOException {
        Path file = folder.resolve("other.pt");
        TorchZip.write(file, root);
        return file;
    }

    private Map<String, Object> root() throws IOException {
        EncoderModel model = model(EncoderKind.PSP, Head.PYRAMID, false);
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        model.encoder().save().forEach((name, tensor) -> state.put("encoder." + name, tensor));
        NetworkWriter.rosinality(model.decoder()).forEach((name, tensor) -> state.put("decoder." + name, tensor));
        return new LinkedHashMap<>(Map.of("state_dict", state, "latent_avg",
                StoredTensor.of(new float[W_DIM], 1, W_DIM), "opts",
                new LinkedHashMap<>(Map.of("encoder_type", "GradualStyleEncoder", "output_size", 64))));
    }

    private static void assertRefused(String reason, Executable body) {
        String message = assertThrows(CheckpointException.class, body).getMessage();
        assertTrue(message.endsWith(reason), message);
    }

    @Test
    @SuppressWarnings("unchecked")
    void saysWhatIsWrongWithAFile() throws IOException {
        Map<String, Object> root = root();
        assertEquals(EncoderKind.PSP, EncoderModel.load(file(root)).kind());
        Object average = root.remove("latent_avg");
        assertRefused(": has no latent_avg, from which its codes start", () -> EncoderModel.load(file(root)));
        root.put("latent_avg", StoredTensor.of(new float[3 * W_DIM], 3, W_DIM));
        assertRefused(": tensor latent_avg: expected [10, 5] or [1, 5], got F32[3, 5]",
                () -> EncoderModel.load(file(root)));
        root.put("latent_avg", average);
        Map<String, Object> options = (Map<String, Object>) root.get("opts");
        options.put("output_size", 256);
        assertRefused(": opts say an output of 256 pixels, the decoder makes 64",
                () -> EncoderModel.load(file(root)));
        options.put("output_size", 64);
        options.put("encoder_type", "Transformer");
        assertRefused(": opts: encoder_type Transformer is not known", () -> EncoderModel.load(file(root)));
        options.put("encoder_type", "BackboneEncoderUsingLastLayerIntoW");
        assertRefused(": tensor encoder.linear.weight: is missing", () -> EncoderModel.load(file(root)));
        options.put("encoder_type", "BackboneEncoder");
        assertRefused("6 channels, the encoder 3", () -> {
            Map<String, StoredTensor> state = (Map<String, StoredTensor>) root.get("state_dict");
            state.keySet().removeIf(name -> name.startsWith("encoder.latlayer"));
            for (int i = 3; i < 10; i++) {
                int from = i;
                for (String name : List.copyOf(state.keySet())) {
                    if (name.startsWith("encoder.styles." + from + ".")) {
                        state.remove(name);
                    }
                }
                for (Map.Entry<String, StoredTensor> entry : Map.copyOf(state).entrySet()) {
                    if (entry.getKey().startsWith("encoder.styles.0.")) {
                        state.put(entry.getKey().replace("styles.0", "styles." + from), entry.getValue());
                    }
                }
            }
            EncoderModel.load(file(root));
        });
    }

    @Test
    void saysWhichOtherMethodAFileIsOf() throws IOException {
        StoredTensor some = StoredTensor.of(new float[1], 1);
        for (Map.Entry<String, String> entry : Map.of(
                "hypernet.conv1.weight", "HyperStyle's hypernetwork",
                "encoder.module.input_layer.0.weight", "StyleTransformer").entrySet()) {
            Path file = file(Map.of("state_dict", Map.of(entry.getKey(), some), "opts", Map.of()));
            assertRefused(": expected a whole model of pSp, e4e or ReStyle, got " + entry.getValue(),
                    () -> EncoderModel.load(file));
        }
        assertRefused("got a face recognition network, or an encoder without its decoder",
                () -> EncoderModel.load(file(Map.of("input_layer.0.weight", some))));
        assertRefused("got IDInvert's encoder, which comes without a generator",
                () -> EncoderModel.load(file(Map.of("block0.conv.weight", some))));
        Generator generator = generator();
        assertRefused("got a StyleGAN2 generator", () -> EncoderModel.load(
                file(Map.of("g_ema", NetworkWriter.rosinality(generator)))));
    }
}
