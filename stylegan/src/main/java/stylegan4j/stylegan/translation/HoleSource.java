package stylegan4j.stylegan.translation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/**
 * Pictures with holes: colours from −1 to 1, 0 in the hole, and a fourth channel that is 1 where the picture is seen.
 * The hole is where a mask is black, or else where the picture is transparent; for training it is made of ellipses at
 * random places.
 *
 * @param mask grey, white where the picture is seen; null for the pictures' own alpha channel
 * @param drawn whether holes are drawn at random
 */
record HoleSource(Image mask, boolean drawn) implements Source {
    private static final float HALF = 127.5f;
    private static final int MOST_SPOTS = 3;

    @Override
    public int channels() {
        return 4;
    }

    @Override
    public Image decode(Path name, byte[] bytes) throws IOException {
        return Images.read(name, bytes);
    }

    @Override
    public EncoderInput input(Image decoded, int height, int width, RandomGenerator random) {
        boolean[] seen = drawn ? drawn(height, width, random) : seen(decoded, height, width);
        float[] colours = Source.fitted(decoded.convert(3), height, width).toSignedUnit();
        int plane = height * width;
        float[] values = new float[4 * plane];
        for (int i = 0; i < 4 * plane; i++) {
            values[i] = !seen[i % plane] ? 0 : i < 3 * plane ? colours[i] : 1;
        }
        return new EncoderInput(4, height, width, values);
    }

    private boolean[] seen(Image decoded, int height, int width) {
        if (mask == null && decoded.channels() != 4) {
            throw new IllegalArgumentException("has no hole: make it transparent there, or give a mask");
        }
        if (mask != null && (mask.height() != decoded.height() || mask.width() != decoded.width())) {
            throw new IllegalArgumentException("is " + decoded.width() + "x" + decoded.height() + ", its mask "
                    + mask.width() + "x" + mask.height());
        }
        float[] whiteness = Source.fitted(mask == null ? alpha(decoded) : mask, height, width).data();
        boolean[] seen = new boolean[whiteness.length];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = whiteness[i] > HALF;
        }
        return seen;
    }

    private static Image alpha(Image image) {
        Image alpha = Image.black(1, image.height(), image.width());
        System.arraycopy(image.data(), 3 * alpha.data().length, alpha.data(), 0, alpha.data().length);
        return alpha;
    }

    /** One to three ellipses about the middle. */
    private static boolean[] drawn(int height, int width, RandomGenerator random) {
        boolean[] seen = new boolean[height * width];
        Arrays.fill(seen, true);
        int spots = 1 + random.nextInt(MOST_SPOTS);
        for (int spot = 0; spot < spots; spot++) {
            double centerY = height * random.nextDouble(0.25, 0.75);
            double centerX = width * random.nextDouble(0.25, 0.75);
            double radiusY = height * random.nextDouble(0.06, 0.16);
            double radiusX = width * random.nextDouble(0.06, 0.16);
            for (int i = 0; i < seen.length; i++) {
                double y = (i / width + 0.5 - centerY) / radiusY;
                double x = (i % width + 0.5 - centerX) / radiusX;
                seen[i] &= y * y + x * x > 1;
            }
        }
        return seen;
    }

    @Override
    public Image shown(EncoderInput input) {
        int plane = input.height() * input.width();
        return Image.ofSignedUnit(3, input.height(), input.width(),
                Arrays.copyOf(input.values(), 3 * plane));
    }
}
