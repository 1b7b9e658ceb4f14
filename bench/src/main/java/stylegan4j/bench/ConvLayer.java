package stylegan4j.bench;

import java.util.regex.Pattern;

/**
 * A convolution's sizes, written {@code 512-256-3x3@64}: input and output channels, kernel, and the output's side.
 */
record ConvLayer(int in, int out, int kernel, int size) {
    private static final Pattern FORM = Pattern.compile("(\\d+)-(\\d+)-(\\d+)x\\3@(\\d+)");

    static ConvLayer parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("layer: expected IN-OUT-KxK@SIZE, got " + text);
        }
        return new ConvLayer(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)),
                Integer.parseInt(match.group(3)), Integer.parseInt(match.group(4)));
    }

    /** Seeded weights [O, I, k, k]. */
    float[] weight() {
        return SeededData.uniform(1, out * in * kernel * kernel, 1);
    }

    /** A seeded picture [1, I, side, side]. */
    float[] input(int side) {
        return SeededData.uniform(2, in * side * side, 1);
    }

    /** Work of the layer with an input of side², in 10⁹ operations. */
    double gflop(int side) {
        return Flops.conv2d(1, in, out, kernel, side);
    }
}
