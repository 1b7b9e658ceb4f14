package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.translation.EncoderInput;
import stylegan4j.stylegan.translation.Source;
import stylegan4j.stylegan.translation.SourceOptions;
import stylegan4j.stylegan.translation.Task;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The model of label maps that ships, on maps of avatars that nothing was trained on. */
class ShippedTranslationTest extends OnDevice {
    private static final int CLASSES = 11;
    private static final int SIDE = 64;

    private static EncoderInput map(String seed) throws IOException {
        String name = "/stylegan4j/avatar/heldout/segmentation/" + seed + ".png";
        Source source = Task.named("segmentation").source()
                .apply(SourceOptions.forTraining(CLASSES, SourceOptions.FACTORS));
        try (InputStream in = Avatars.class.getResourceAsStream(name)) {
            return source.read(Path.of(name), in.readAllBytes(), SIDE, SIDE, new SplittableRandom(0));
        }
    }

    @Test
    void picturesOfLabelMapsAreNearerToTheirAvatarsThanTheAverageOneIs() throws IOException {
        Generator generator = Avatars.generator();
        EncoderModel model = Avatars.translation("segmentation", generator);
        assertEquals(CLASSES, model.encoder().config().channels());
        List<EncoderInput> maps = new ArrayList<>();
        for (String seed : Avatars.heldout().keySet()) {
            maps.add(map(seed));
        }
        AvatarFeatures features = Avatars.features();
        Autograd.noGrad(() -> {
            Tensor avatars = ImageTensors.toTensor(List.copyOf(Avatars.heldout().values()));
            Tensor made = model.picture(model.encode(EncoderInput.batch(maps)));
            Tensor average = model.averagePicture().expand(maps.size(), -1, -1, -1).contiguous();
            float near = features.between(made, avatars).mean().item();
            float far = features.between(average, avatars).mean().item();
            assertTrue(near < 0.9 * far, near + " for pictures of maps, " + far + " for the average one");
        });
    }

    @Test
    void noneShipsForOtherTasks() {
        assertNull(Avatars.translation("sketch", Avatars.generator()));
    }
}
