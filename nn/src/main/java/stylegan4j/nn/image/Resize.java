package stylegan4j.nn.image;

/**
 * Antialiased resizing with PIL's results (Pillow's {@code Image.resize}, src/libImaging/Resample.c): a separable
 * convolution, along the rows and then along the columns.
 *
 * <p>{@link #to} equals PIL byte for byte on modes L, RGB and RGBA: 8-bit picture in, weights in fixed point of 22
 * bits, rounded and clamped to 8 bits after each of the two passes; RGBA is filtered premultiplied. {@link #floats}
 * follows mode F: weights and sums in double, a float after each pass, nothing clamped, alpha a channel like others.
 */
public final class Resize {
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private Resize() {
    }

    /**
     * A region of the source in pixels, edges at whole numbers; fractions are allowed.
     *
     * @param right  exclusive
     * @param bottom exclusive
     */
    public record Box(float left, float top, float right, float bottom) {
        static Box whole(Image image) {
            return new Box(0, 0, image.width(), image.height());
        }

        private void checkInside(Image image) {
            if (!(left >= 0 && top >= 0 && right <= image.width() && bottom <= image.height()
                    && left < right && top < bottom)) {
                throw new IllegalArgumentException("resize: " + this + " does not lie inside " + image.width() + "x"
                        + image.height() + " or is empty");
            }
        }
    }

    /** Resizes the 8-bit picture; values that are not whole are rounded first. */
    public static Image to(Image image, int height, int width, ResizeFilter filter) {
        return to(image, height, width, filter, Box.whole(image));
    }

    /**
     * Resizes a region of the 8-bit picture.
     *
     * @return [channels, height, width], whole numbers 0..255
     * @throws IllegalArgumentException if the box does not lie inside the picture, or a size is not positive
     */
    public static Image to(Image image, int height, int width, ResizeFilter filter, Box box) {
        var eight = image.rounded();
        if (isIdentity(image, height, width, box)) {
            return eight;
        }
        if (image.channels() == 4) {
            premultiply(eight);
        }
        var out = resample(eight, height, width, filter, box, Resize::pass8Bits);
        if (image.channels() == 4) {
            unpremultiply(out);
        }
        return out;
    }

    /** Resizes in floating point. */
    public static Image floats(Image image, int height, int width, ResizeFilter filter) {
        return floats(image, height, width, filter, Box.whole(image));
    }

    /**
     * Resizes a region in floating point; kernels with negative lobes may leave 0..255.
     *
     * @return [channels, height, width]
     * @throws IllegalArgumentException if the box does not lie inside the picture, or a size is not positive
     */
    public static Image floats(Image image, int height, int width, ResizeFilter filter, Box box) {
        return resample(image, height, width, filter, box, Resize::passFloats);
    }

    /**
     * Fills a size without distortion: the largest region of that aspect ratio around the middle, resized as by
     * {@link #to} (PIL's {@code ImageOps.fit}).
     */
    public static Image fit(Image image, int height, int width, ResizeFilter filter) {
        double sourceRatio = (double) image.width() / image.height();
        double ratio = (double) width / height;
        double cropWidth = sourceRatio > ratio ? ratio * image.height() : image.width();
        double cropHeight = sourceRatio < ratio ? image.width() / ratio : image.height();
        double left = (image.width() - cropWidth) * 0.5;
        double top = (image.height() - cropHeight) * 0.5;
        // The sums may pass the edge by a rounding; the box must not.
        double right = Math.min(left + cropWidth, image.width());
        double bottom = Math.min(top + cropHeight, image.height());
        return to(image, height, width, filter, new Box((float) left, (float) top, (float) right, (float) bottom));
    }

    /** One pass along the middle axis: [outer, n, inner] to [outer, m, inner]. */
    @FunctionalInterface
    private interface Pass {
        float[] apply(float[] source, int outer, int n, int inner, Weights weights);
    }

    private static Image resample(Image image, int height, int width, ResizeFilter filter, Box box, Pass pass) {
        box.checkInside(image);
        var out = Image.black(image.channels(), height, width);
        float[] data = image.data();
        // As PIL: very tall pictures become less tall before anything else.
        boolean columnsFirst = image.height() > 100L * image.width() && height < image.height();
        if (columnsFirst) {
            data = alongColumns(data, image, height, image.width(), filter, box, pass);
        }
        if (width != image.width() || box.left != 0 || box.right != width) {
            int rows = columnsFirst ? height : image.height();
            var weights = Weights.of(filter, image.width(), box.left, box.right, width);
            data = pass.apply(data, image.channels() * rows, image.width(), 1, weights);
        }
        if (!columnsFirst) {
            data = alongColumns(data, image, height, width, filter, box, pass);
        }
        System.arraycopy(data, 0, out.data(), 0, data.length);
        return out;
    }

    private static float[] alongColumns(float[] data, Image image, int height, int columns, ResizeFilter filter,
                                        Box box, Pass pass) {
        if (height == image.height() && box.top == 0 && box.bottom == height) {
            return data;
        }
        var weights = Weights.of(filter, image.height(), box.top, box.bottom, height);
        return pass.apply(data, image.channels(), image.height(), columns, weights);
    }

    private static boolean isIdentity(Image image, int height, int width, Box box) {
        return height == image.height() && width == image.width() && box.equals(Box.whole(image));
    }

    private static float[] pass8Bits(float[] source, int outer, int n, int inner, Weights weights) {
        int m = weights.size();
        int[][] fixed = weights.fixedPoint(PRECISION_BITS);
        var out = new float[outer * m * inner];
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < m; j++) {
                int[] k = fixed[j];
                int from = (o * n + weights.first[j]) * inner;
                int to = (o * m + j) * inner;
                for (int i = 0; i < inner; i++) {
                    int sum = 1 << (PRECISION_BITS - 1);
                    for (int t = 0; t < k.length; t++) {
                        sum += (int) source[from + t * inner + i] * k[t];
                    }
                    out[to + i] = Math.clamp(sum >> PRECISION_BITS, 0, 255);
                }
            }
        }
        return out;
    }

    private static float[] passFloats(float[] source, int outer, int n, int inner, Weights weights) {
        int m = weights.size();
        var out = new float[outer * m * inner];
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < m; j++) {
                double[] k = weights.values[j];
                int from = (o * n + weights.first[j]) * inner;
                int to = (o * m + j) * inner;
                for (int i = 0; i < inner; i++) {
                    double sum = 0;
                    for (int t = 0; t < k.length; t++) {
                        sum += source[from + t * inner + i] * k[t];
                    }
                    out[to + i] = (float) sum;
                }
            }
        }
        return out;
    }

    /** The taps of each output position: {@code values[j][t]} belongs to source position {@code first[j] + t}. */
    private record Weights(int[] first, double[][] values) {
        static Weights of(ResizeFilter filter, int sourceSize, float from, float to, int size) {
            double scale = (double) (to - from) / size;
            double stretch = Math.max(scale, 1);
            double support = filter.support() * stretch;
            var first = new int[size];
            var values = new double[size][];
            for (int j = 0; j < size; j++) {
                double center = from + (j + 0.5) * scale;
                int low = Math.max((int) (center - support + 0.5), 0);
                int high = Math.min((int) (center + support + 0.5), sourceSize);
                var taps = new double[high - low];
                double sum = 0;
                for (int t = 0; t < taps.length; t++) {
                    taps[t] = filter.weight((t + low - center + 0.5) * (1 / stretch));
                    sum += taps[t];
                }
                for (int t = 0; t < taps.length && sum != 0; t++) {
                    taps[t] /= sum;
                }
                first[j] = low;
                values[j] = taps;
            }
            return new Weights(first, values);
        }

        int size() {
            return first.length;
        }

        int[][] fixedPoint(int bits) {
            var fixed = new int[values.length][];
            for (int j = 0; j < fixed.length; j++) {
                fixed[j] = new int[values[j].length];
                for (int t = 0; t < fixed[j].length; t++) {
                    double scaled = values[j][t] * (1 << bits);
                    fixed[j][t] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
                }
            }
            return fixed;
        }
    }

    private static void premultiply(Image image) {
        float[] data = image.data();
        int plane = image.height() * image.width();
        for (int i = 0; i < 3 * plane; i++) {
            data[i] = Fixed8.multiply((int) data[i], (int) data[3 * plane + i % plane]);
        }
    }

    private static void unpremultiply(Image image) {
        float[] data = image.data();
        int plane = image.height() * image.width();
        for (int i = 0; i < 3 * plane; i++) {
            int alpha = (int) data[3 * plane + i % plane];
            if (alpha != 0) {
                data[i] = Math.min(255, 255 * (int) data[i] / alpha);
            }
        }
    }
}
