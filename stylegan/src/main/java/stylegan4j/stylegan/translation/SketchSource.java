package stylegan4j.stylegan.translation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Sketches, grey from 0 (black) to 1. */
record SketchSource() implements Source {
    private static final float WHITE = 255;

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public Image decode(Path name, byte[] bytes) throws IOException {
        return Images.read(name, bytes).convert(1);
    }

    @Override
    public EncoderInput input(Image decoded, int height, int width, RandomGenerator random) {
        float[] values = Source.fitted(decoded, height, width).rounded().data();
        for (int i = 0; i < values.length; i++) {
            values[i] /= WHITE;
        }
        return new EncoderInput(1, height, width, values);
    }

    @Override
    public Image shown(EncoderInput input) {
        float[] values = input.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= WHITE;
        }
        return new Image(1, input.height(), input.width(), values).convert(3);
    }
}
