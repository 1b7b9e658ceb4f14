package stylegan4j.nn.image;

import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * At most 256 colours for an RGB picture. The colours present, in bins of 5 bits a channel, are split again and again
 * where the squared error is greatest, at the mean of the widest axis (variance-based median cut: Wan, Prusinkiewicz
 * and Wong, 1990); each part gives its mean.
 */
final class Palette {
    private static final int MAX_COLORS = 256;
    private static final int BIN_BITS = 5;
    private static final int CELL_BITS = 6;

    private final float[][] colors;
    /** The nearest colour to the middle of each cell of the RGB cube plus one; 0 is not looked up yet. */
    private final short[] nearest = new short[1 << 3 * CELL_BITS];

    private Palette(float[][] colors) {
        this.colors = colors;
    }

    static Palette of(Image rgb) {
        var boxes = new ArrayList<Box>();
        boxes.add(new Box(bins(rgb)));
        while (boxes.size() < MAX_COLORS) {
            Box worst = boxes.stream().max(Comparator.comparingDouble(box -> box.error)).orElseThrow();
            List<Bin> low = worst.bins.stream().filter(worst::isLow).toList();
            List<Bin> high = worst.bins.stream().filter(bin -> !worst.isLow(bin)).toList();
            if (low.isEmpty() || high.isEmpty()) {
                break;
            }
            boxes.remove(worst);
            boxes.add(new Box(low));
            boxes.add(new Box(high));
        }
        return new Palette(boxes.stream().map(Box::color).toArray(float[][]::new));
    }

    IndexColorModel colorModel() {
        var bytes = new byte[3][colors.length];
        for (int i = 0; i < colors.length; i++) {
            for (int c = 0; c < 3; c++) {
                bytes[c][i] = (byte) (int) colors[i][c];
            }
        }
        return new IndexColorModel(8, colors.length, bytes[0], bytes[1], bytes[2]);
    }

    /**
     * The picture in these colours, its errors diffused to the neighbours not yet done (Floyd and Steinberg, 1976),
     * every other row from right to left.
     *
     * @return [height, width], indices
     */
    byte[] dither(Image rgb) {
        int width = rgb.width();
        int plane = rgb.height() * width;
        var indices = new byte[plane];
        // A margin of one pixel at either end.
        var here = new float[3][width + 2];
        var below = new float[3][width + 2];
        for (int y = 0; y < rgb.height(); y++) {
            int step = y % 2 == 0 ? 1 : -1;
            for (int i = 0, x = step > 0 ? 0 : width - 1; i < width; i++, x += step) {
                var wanted = new float[3];
                for (int c = 0; c < 3; c++) {
                    wanted[c] = Math.clamp(rgb.data()[c * plane + y * width + x] + here[c][x + 1], 0f, 255f);
                }
                int index = nearest(wanted);
                indices[y * width + x] = (byte) index;
                for (int c = 0; c < 3; c++) {
                    float error = wanted[c] - colors[index][c];
                    here[c][x + 1 + step] += error * 7 / 16;
                    below[c][x + 1 - step] += error * 3 / 16;
                    below[c][x + 1] += error * 5 / 16;
                    below[c][x + 1 + step] += error / 16;
                }
            }
            var done = here;
            here = below;
            below = done;
            for (float[] row : below) {
                Arrays.fill(row, 0);
            }
        }
        return indices;
    }

    private int nearest(float[] color) {
        int cell = 0;
        for (float value : color) {
            cell = cell << CELL_BITS | (int) value >> 8 - CELL_BITS;
        }
        if (nearest[cell] == 0) {
            nearest[cell] = (short) (search(cell) + 1);
        }
        return nearest[cell] - 1;
    }

    private int search(int cell) {
        int best = 0;
        float bestDistance = Float.POSITIVE_INFINITY;
        for (int i = 0; i < colors.length; i++) {
            float distance = 0;
            for (int c = 0; c < 3; c++) {
                int low = (cell >> (2 - c) * CELL_BITS & (1 << CELL_BITS) - 1) << 8 - CELL_BITS;
                float difference = low + (1 << 7 - CELL_BITS) - 0.5f - colors[i][c];
                distance += difference * difference;
            }
            if (distance < bestDistance) {
                bestDistance = distance;
                best = i;
            }
        }
        return best;
    }

    private static List<Bin> bins(Image rgb) {
        var bins = new Bin[1 << 3 * BIN_BITS];
        int plane = rgb.height() * rgb.width();
        for (int i = 0; i < plane; i++) {
            int red = Image.to8Bits(rgb.data()[i]);
            int green = Image.to8Bits(rgb.data()[plane + i]);
            int blue = Image.to8Bits(rgb.data()[2 * plane + i]);
            int shift = 8 - BIN_BITS;
            int key = (red >> shift << BIN_BITS | green >> shift) << BIN_BITS | blue >> shift;
            if (bins[key] == null) {
                bins[key] = new Bin();
            }
            bins[key].add(red, green, blue);
        }
        return Arrays.stream(bins).filter(bin -> bin != null).toList();
    }

    /** Pixels of about the same colour. */
    private static final class Bin {
        private final long[] sums = new long[3];
        private long count;

        void add(int red, int green, int blue) {
            sums[0] += red;
            sums[1] += green;
            sums[2] += blue;
            count++;
        }

        double mean(int channel) {
            return (double) sums[channel] / count;
        }
    }

    /** Bins that share a colour of the palette. */
    private static final class Box {
        private final List<Bin> bins;
        private final double[] mean = new double[3];
        /** The axis on which the bins differ most, and the sum of their squared differences there. */
        private int axis;
        private double error;

        Box(List<Bin> bins) {
            this.bins = bins;
            long count = bins.stream().mapToLong(bin -> bin.count).sum();
            for (int c = 0; c < 3; c++) {
                int channel = c;
                mean[c] = (double) bins.stream().mapToLong(bin -> bin.sums[channel]).sum() / count;
                double spread = bins.stream().mapToDouble(bin -> bin.count * square(bin.mean(channel) - mean[channel]))
                        .sum();
                if (spread > error) {
                    error = spread;
                    axis = c;
                }
            }
        }

        boolean isLow(Bin bin) {
            return bin.mean(axis) < mean[axis];
        }

        float[] color() {
            return new float[] {Math.round(mean[0]), Math.round(mean[1]), Math.round(mean[2])};
        }

        private static double square(double x) {
            return x * x;
        }
    }
}
