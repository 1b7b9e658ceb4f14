package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The encoders that ship go with the generator that ships, and know faces. */
class ShippedEncodersTest extends OnDevice {
    @Test
    void everyEncoderComesCloserThanTheAveragePicture() {
        Generator generator = Avatars.generator();
        AvatarFeatures features = Avatars.features();
        List<EncoderModel> encoders = Avatars.encoders(generator);
        assertEquals(List.of(EncoderKind.PSP, EncoderKind.E4E, EncoderKind.RESTYLE_PSP, EncoderKind.RESTYLE_E4E),
                encoders.stream().map(EncoderModel::kind).toList());
        Autograd.noGrad(() -> {
            Tensor targets = ImageTensors.toTensor(List.copyOf(Avatars.heldout().values()));
            for (EncoderModel model : encoders) {
                Tensor plain = model.picture(model.start(targets.size(0)));
                Tensor found = model.picture(model.encode(targets));
                double before = PixelDistance.l2(plain, targets).mean().item();
                double after = PixelDistance.l2(found, targets).mean().item();
                assertTrue(after < 0.5 * before, model.kind() + " from " + before + " to " + after);
                double who = features.similarity(found, targets).mean().item();
                // Strangers are at 0 on the average.
                assertTrue(who > 0.4, model.kind() + ": identity " + who);
            }
        });
    }

    @Test
    void anotherGeneratorIsRefused() {
        Generator other = Avatars.generator();
        Tensor weight = other.parameters().values().iterator().next();
        weight.assign(weight.mul(1.5));
        String message = assertThrows(UncheckedIOException.class,
                () -> Avatars.encoder(EncoderKind.PSP, other)).getMessage();
        assertTrue(message.contains("was trained for the generator "), message);
        assertThrows(IllegalArgumentException.class, () -> Avatars.encoder(EncoderKind.IDINVERT, other));
    }
}
