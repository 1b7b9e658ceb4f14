package stylegan4j.stylegan.translation;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/**
 * Label maps: a number of classes ({@code label_nc}) as channels of zeros and ones. The official code resizes them
 * bilinearly, which makes up classes at edges; here the nearest pixel counts.
 *
 * @param classes stored numbers are 0 … classes − 1
 */
record LabelSource(int classes) implements Source {
    /** Turns of the colour circle from a class to the next: neighbours look different. */
    private static final float GOLDEN = 0.618034f;

    @Override
    public int channels() {
        return classes;
    }

    @Override
    public Image decode(Path name, byte[] bytes) throws IOException {
        Image map = Images.readIndices(name, bytes);
        for (float label : map.data()) {
            if (label >= classes) {
                throw new IOException(name + ": has class " + (int) label + "; expected 0 to " + (classes - 1)
                        + " (label_nc " + classes + ")");
            }
        }
        return map;
    }

    @Override
    public EncoderInput input(Image decoded, int height, int width, RandomGenerator random) {
        float[] values = new float[classes * height * width];
        // The scale of the tighter side; what the other one has too much is cut off evenly.
        double scale = Math.min((double) decoded.height() / height, (double) decoded.width() / width);
        double top = (decoded.height() - scale * height) / 2;
        double left = (decoded.width() - scale * width) / 2;
        for (int y = 0; y < height; y++) {
            int row = (int) (top + scale * (y + 0.5)) * decoded.width();
            for (int x = 0; x < width; x++) {
                int label = Math.round(decoded.data()[row + (int) (left + scale * (x + 0.5))]);
                values[(label * height + y) * width + x] = 1;
            }
        }
        return new EncoderInput(classes, height, width, values);
    }

    @Override
    public Image shown(EncoderInput input) {
        int plane = input.height() * input.width();
        Image shown = Image.black(3, input.height(), input.width());
        for (int i = 0; i < classes * plane; i++) {
            if (input.values()[i] != 0) {
                float[] colour = colour(i / plane);
                for (int c = 0; c < 3; c++) {
                    shown.data()[c * plane + i % plane] = colour[c] * 255;
                }
            }
        }
        return shown;
    }

    private static float[] colour(int label) {
        return label == 0 ? new float[] {0.95f, 0.95f, 0.95f}
                : new Color(Color.HSBtoRGB(label * GOLDEN, 0.6f, 0.85f)).getRGBColorComponents(null);
    }
}
