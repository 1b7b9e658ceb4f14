package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** What ships fits together. */
class AvatarsTest {
    @Test
    void directionsAreThoseOfTheGenerator() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            Generator generator = Avatars.generator();
            assertEquals(AvatarNetwork.RESOLUTION, generator.config().imgResolution());
            List<Direction> directions = Avatars.directions().all();
            assertFalse(directions.isEmpty());
            directions.forEach(d -> assertEquals(generator.config().wDim(), d.normal().length));
        }
    }

    @Test
    void featuresKnowTheRecipesWordsAndTellHeldOutAvatars() throws IOException {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = Avatars.features();
            assertEquals(AttributeDirectionsTest.words(), features.vocabulary());
            List<Image> pictures = new ArrayList<>(Avatars.heldout().values());
            Tensor x = ImageTensors.toTensor(pictures);
            Autograd.noGrad(() -> {
                // As NVlabs' zip labels say of the seeds 5, 12, 17 and 23.
                List<String> skins = features.describe(x).stream().map(d -> d.get("skinColor")).toList();
                assertEquals(List.of("ae5d29", "614335", "ffdbb4", "614335"), skins);
                float[] strangers = features.between(x, x.flip(0)).toArray();
                float[] alike = features.similarity(x, x.flip(0)).toArray();
                for (int i = 0; i < strangers.length; i++) {
                    assertTrue(strangers[i] > 0.2 && strangers[i] < 1.5, "distance " + strangers[i]);
                    assertTrue(alike[i] < 0.7, "similarity " + alike[i]);
                }
            });
        }
    }
}
