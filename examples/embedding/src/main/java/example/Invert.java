package example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.nn.image.Resize;
import stylegan4j.nn.image.ResizeFilter;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Finds the codes of a picture, and writes what the generator makes of them. */
public final class Invert {
    private Invert() {
    }

    /** Takes a picture's path, empty for an avatar of ours, and the number of steps. */
    public static void main(String[] args) throws IOException {
        try (Device device = Device.best(); Scope scope = device.open()) {
            Generator generator = Avatars.generator();
            var size = generator.config();
            Image picture = args[0].isEmpty() ? Avatars.heldout().values().iterator().next()
                    : Images.read(Path.of(args[0]));
            Tensor target = ImageTensors.toTensor(
                    List.of(Resize.fit(picture, size.height(), size.width(), ResizeFilter.LANCZOS)));

            Inversion method = Projector.wPlus(Avatars.features()).withSteps(Integer.parseInt(args[1]));
            InversionResult found = method.invert(generator, target, InversionRun.DEFAULT);

            Images.write(ImageTensors.toImages(found.picture()).getFirst(), Path.of("inverted.png"));
            System.out.println("inverted.png, codes " + Arrays.toString(found.codes().shape()));
        }
    }
}
