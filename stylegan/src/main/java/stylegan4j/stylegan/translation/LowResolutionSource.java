package stylegan4j.stylegan.translation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.nn.image.Resize;
import stylegan4j.nn.image.ResizeFilter;

/**
 * Pictures made coarse and brought back to their size: bicubic with reflected edges, 8 bits, then bilinear
 * (pixel2style2pixel, {@code datasets/augmentations.py}). A factor of 1 leaves a picture as it is; the official code
 * moves it by half a pixel there.
 *
 * @param factors of which one is drawn for each picture
 */
record LowResolutionSource(List<Integer> factors) implements Source {
    /** The bicubic kernel's reach in coarse pixels. */
    private static final int REACH = 2;

    /** @throws IllegalArgumentException if there is no factor, or one below 1 */
    LowResolutionSource {
        if (factors.isEmpty() || factors.stream().anyMatch(f -> f < 1)) {
            throw new IllegalArgumentException("resize factors expected from 1 on, got " + factors);
        }
        factors = List.copyOf(factors);
    }

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
        int factor = factors.get(random.nextInt(factors.size()));
        if (height % factor != 0 || width % factor != 0 || REACH * factor > Math.min(height, width)) {
            throw new IllegalArgumentException("inputs of " + width + "x" + height + " cannot be made " + factor
                    + " times as coarse");
        }
        Image image = Source.fitted(decoded, height, width);
        return PictureSource.of(factor == 1 ? image : coarse(image, factor));
    }

    private static Image coarse(Image image, int factor) {
        int pad = REACH * factor;
        Image padded = reflected(image, pad);
        Image small = Resize.floats(padded, image.height() / factor, image.width() / factor, ResizeFilter.BICUBIC,
                new Resize.Box(pad, pad, pad + image.width(), pad + image.height()));
        float[] values = small.data();
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) Math.clamp(values[i], 0, 255);
        }
        return Resize.to(small, image.height(), image.width(), ResizeFilter.BILINEAR);
    }

    private static Image reflected(Image image, int pad) {
        int height = image.height() + 2 * pad;
        int width = image.width() + 2 * pad;
        Image padded = Image.black(image.channels(), height, width);
        for (int i = 0; i < padded.data().length; i++) {
            int row = i / width;
            int y = inside(row % height - pad, image.height());
            int x = inside(i % width - pad, image.width());
            padded.data()[i] = image.data()[(row / height * image.height() + y) * image.width() + x];
        }
        return padded;
    }

    private static int inside(int i, int size) {
        int reflected = Math.abs(i);
        return Math.clamp(reflected < size ? reflected : 2L * size - 2 - reflected, 0, size - 1);
    }

    @Override
    public Image shown(EncoderInput input) {
        return new PictureSource().shown(input);
    }
}
