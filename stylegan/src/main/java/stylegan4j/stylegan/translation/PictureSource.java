package stylegan4j.stylegan.translation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Pictures in colours, −1 (black) to 1. */
record PictureSource() implements Source {
    @Override
    public int channels() {
        return 3;
    }

    @Override
    public Image decode(Path name, byte[] bytes) throws IOException {
        return Images.read(name, bytes).convert(3);
    }

    @Override
    public EncoderInput input(Image decoded, int height, int width, RandomGenerator random) {
        return of(Source.fitted(decoded, height, width));
    }

    @Override
    public Image shown(EncoderInput input) {
        return Image.ofSignedUnit(3, input.height(), input.width(), input.values());
    }

    static EncoderInput of(Image image) {
        return new EncoderInput(3, image.height(), image.width(), image.toSignedUnit());
    }
}
