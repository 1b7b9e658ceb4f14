package stylegan4j.nn.image;

import java.util.Arrays;

/**
 * A picture in host memory: planar floats [channels, height, width] on the 8-bit scale, 0 (black) to 255.
 *
 * <p>One channel is grey, three are R, G, B, four are R, G, B and straight (not premultiplied) alpha. Values need not
 * be whole numbers; whatever asks for 8 bits (files, {@link Resize#to}) rounds to the nearest, ties to even, and
 * clamps.
 */
public final class Image {
    private final int channels;
    private final int height;
    private final int width;
    private final float[] data;

    /**
     * Wraps an array, which is not copied.
     *
     * @param channels 1, 3 or 4
     * @param data     [channels, height, width], 0..255
     * @throws IllegalArgumentException if a size is not positive, or the array's length is not their product
     */
    public Image(int channels, int height, int width, float[] data) {
        if (channels != 1 && channels != 3 && channels != 4) {
            throw new IllegalArgumentException("image: channels expected 1, 3 or 4, got " + channels);
        }
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("image: size expected at least 1x1, got " + height + "x" + width);
        }
        if (data.length != (long) channels * height * width) {
            throw new IllegalArgumentException("image: data expected " + (long) channels * height * width
                    + " values, got " + data.length + " ([" + channels + ", " + height + ", " + width + "])");
        }
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.data = data;
    }

    /** A black picture (and fully transparent, where it has alpha). */
    public static Image black(int channels, int height, int width) {
        return new Image(channels, height, width, new float[Math.toIntExact((long) channels * height * width)]);
    }

    /**
     * From interleaved bytes, unsigned.
     *
     * @param bytes [height, width, channels]
     */
    public static Image ofBytes(int channels, int height, int width, byte[] bytes) {
        if (bytes.length != (long) channels * height * width) {
            throw new IllegalArgumentException("image: bytes expected " + (long) channels * height * width + ", got "
                    + bytes.length + " ([" + height + ", " + width + ", " + channels + "])");
        }
        var data = new float[bytes.length];
        int plane = height * width;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < plane; i++) {
                data[c * plane + i] = bytes[i * channels + c] & 0xff;
            }
        }
        return new Image(channels, height, width, data);
    }

    /**
     * From a network's output: {@code (v * 127.5 + 128)} clamped to 0..255 and truncated to whole numbers, as NVlabs'
     * {@code generate.py} makes its 8-bit pictures.
     *
     * @param values [channels, height, width], -1..1
     */
    public static Image ofSignedUnit(int channels, int height, int width, float[] values) {
        var data = new float[values.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (int) Math.clamp(values[i] * 127.5f + 128f, 0f, 255f);
        }
        return new Image(channels, height, width, data);
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** The values themselves, not a copy: [channels, height, width], 0..255. */
    public float[] data() {
        return data;
    }

    /** A network's input: {@code v / 127.5 - 1}, as NVlabs' training loop scales its pictures; a new array. */
    public float[] toSignedUnit() {
        var values = new float[data.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = data[i] / 127.5f - 1f;
        }
        return values;
    }

    /** The picture in 8 bits: interleaved unsigned bytes [height, width, channels]. */
    public byte[] toBytes() {
        var bytes = new byte[data.length];
        int plane = height * width;
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < plane; i++) {
                bytes[i * channels + c] = (byte) to8Bits(data[c * plane + i]);
            }
        }
        return bytes;
    }

    /** This picture with every value rounded and clamped to 8 bits. */
    public Image rounded() {
        var out = new float[data.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = to8Bits(data[i]);
        }
        return new Image(channels, height, width, out);
    }

    /**
     * The same picture with another number of channels, as {@code PIL.Image.convert} of "L", "RGB" and "RGBA": alpha is
     * dropped, not composited; new alpha is opaque; grey is the ITU-R 601 luma in 16-bit fixed point, of 8-bit values.
     *
     * @param wanted 1, 3 or 4
     * @return this picture itself if it has that many already
     */
    public Image convert(int wanted) {
        if (wanted == channels) {
            return this;
        }
        var out = black(wanted, height, width);
        int plane = height * width;
        if (wanted == 1) {
            for (int i = 0; i < plane; i++) {
                out.data[i] = luma(to8Bits(data[i]), to8Bits(data[plane + i]), to8Bits(data[2 * plane + i]));
            }
            return out;
        }
        for (int c = 0; c < 3; c++) {
            System.arraycopy(data, channels == 1 ? 0 : c * plane, out.data, c * plane, plane);
        }
        if (wanted == 4) {
            Arrays.fill(out.data, 3 * plane, 4 * plane, 255f);
        }
        return out;
    }

    /**
     * A rectangle of this picture, copied.
     *
     * @throws IllegalArgumentException if it does not lie inside
     */
    public Image crop(int left, int top, int cropWidth, int cropHeight) {
        if (left < 0 || top < 0 || cropWidth < 1 || cropHeight < 1
                || left > width - cropWidth || top > height - cropHeight) {
            throw new IllegalArgumentException("crop: " + cropWidth + "x" + cropHeight + " at (" + left + ", " + top
                    + ") does not lie inside " + width + "x" + height);
        }
        var out = black(channels, cropHeight, cropWidth);
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < cropHeight; y++) {
                System.arraycopy(data, (c * height + top + y) * width + left,
                        out.data, (c * cropHeight + y) * cropWidth, cropWidth);
            }
        }
        return out;
    }

    /** The largest square around the middle; an odd pixel too many goes at the right or the bottom. */
    public Image centerSquare() {
        int side = Math.min(height, width);
        return crop((width - side) / 2, (height - side) / 2, side, side);
    }

    boolean hasShapeOf(Image other) {
        return channels == other.channels && height == other.height && width == other.width;
    }

    /** One value in 8 bits: the nearest whole number, ties to even, clamped to 0..255; NaN is 0. */
    static int to8Bits(float value) {
        return (int) Math.clamp(Math.rint(value), 0.0, 255.0);
    }

    private static int luma(int red, int green, int blue) {
        return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    }

    @Override
    public String toString() {
        return "Image[" + channels + ", " + height + ", " + width + "]";
    }
}
