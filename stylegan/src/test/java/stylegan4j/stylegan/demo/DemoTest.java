package stylegan4j.stylegan.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.image.Image;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.avatar.AttributeDirections;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.avatar.EditableAttribute;
import stylegan4j.stylegan.inversion.InversionStep;
import stylegan4j.stylegan.metric.PictureMetrics.Scores;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/** The whole demonstration on an untrained generator of few channels. */
class DemoTest {
    private static final int W_DIM = 11;

    @TempDir
    private Path folder;

    /** Counts, and stops after some methods. */
    private static final class Counter implements Demo.Listener {
        private final int most;
        private final List<String> done = new ArrayList<>();
        private int steps;

        Counter(int most) {
            this.most = most;
        }

        @Override
        public void step(DemoMethod method, InversionStep step) {
            if (done.size() == most) {
                throw new IllegalStateException("stopped");
            }
            steps++;
        }

        @Override
        public void done(DemoMethod method, Scores scores, double seconds) {
            assertTrue(scores.l2() > 0 && Double.isFinite(scores.psnr()) && scores.perceptual() > 0, method.name());
            assertTrue(Math.abs(scores.identity()) <= 1.001 && seconds > 0, method.name());
            done.add(method.name());
        }
    }

    private Document demo(Counter counter, Path page) throws Exception {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            Generator generator = new Generator(GeneratorConfig.of(Map.of("z_dim", 8, "c_dim", 0, "w_dim", W_DIM,
                    "img_resolution", 64, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                    "synthesis_kwargs", Map.of("channel_base", 256, "channel_max", 8))), Initializer.random(4));
            AvatarFeatures features = Avatars.features();
            float[] normal = new float[W_DIM];
            normal[3] = 1;
            var directions = new AttributeDirections(List.of(new Direction(EditableAttribute.HAT, normal, 1, 0.9)));
            Map<String, Image> pictures = new LinkedHashMap<>(Avatars.heldout());
            pictures.remove("heldout-5");
            var demo = new Demo(generator, features, directions, pictures, List.of("less < more & \"more\""));
            try {
                demo.run(DemoMethod.all(features, 64, 2), 0, page, counter);
            } catch (IllegalStateException e) {
                assertEquals("stopped", e.getMessage());
            }
        }
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(page)));
    }

    @Test
    void writesAPageThatNeedsNothingElse() throws Exception {
        var counter = new Counter(Integer.MAX_VALUE);
        Document page = demo(counter, folder.resolve("report.html"));
        assertEquals(List.of("W", "W+", "I2S", "I2S++", "PTI"), counter.done);
        assertTrue(counter.steps >= 2 * counter.done.size());
        assertEquals(List.of("report.html"), folder.toFile().list() == null ? null
                : List.of(folder.toFile().list()));

        NodeList images = page.getElementsByTagName("img");
        // 3 pictures by 5 methods with their originals, 3 edits with what they were, 3x3 mixes with both edges, a walk.
        assertEquals(3 * 6 + 3 * 2 + 3 + 3 * 4 + 1, images.getLength());
        for (int i = 0; i < images.getLength(); i++) {
            String uri = ((Element) images.item(i)).getAttribute("src");
            assertTrue(uri.startsWith("data:image/png;base64,"), uri.substring(0, Math.min(40, uri.length())));
            var picture = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder()
                    .decode(uri.substring(uri.indexOf(',') + 1))));
            assertEquals(64, picture.getWidth());
        }
        for (String tag : List.of("link", "script", "iframe")) {
            assertEquals(0, page.getElementsByTagName(tag).getLength(), tag);
        }
        assertEquals(5, page.getElementsByTagName("svg").getLength());
        assertEquals(1 + 5, page.getElementsByTagName("tr").getLength());
        assertTrue(page.getDocumentElement().getTextContent().contains("less < more & \"more\""));
        assertFalse(page.getDocumentElement().getTextContent().contains("Not finished"));
    }

    @Test
    void keepsWhatIsThereWhenItIsStopped() throws Exception {
        Document page = demo(new Counter(2), folder.resolve("report.html"));
        assertEquals(1 + 2, page.getElementsByTagName("tr").getLength());
        assertEquals(3 * 3, page.getElementsByTagName("img").getLength());
        assertTrue(page.getDocumentElement().getTextContent().contains("Not finished yet: I2S"));
    }

    @Test
    void chartsBearWhatLossesMayBe() {
        for (List<float[]> losses : List.of(List.<float[]>of(), List.of(new float[] {0, 1}),
                List.of(new float[] {Float.NaN}), List.of(new float[] {1e-9f}, new float[] {1e9f}),
                List.of(new float[] {3}, new float[] {3}))) {
            String svg = LossChart.svg(List.of(new LossChart.Phase("a < b", losses)));
            assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
        }
        assertThrows(NullPointerException.class, () -> LossChart.svg(null));
    }
}
