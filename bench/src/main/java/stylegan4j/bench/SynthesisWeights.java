package stylegan4j.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Made-up parameters of a StyleGAN2 synthesis network (skip architecture, w of 512, colour) under the official
 * state-dict names, without the {@code synthesis.} prefix. Seeded: both sides of a benchmark get the same numbers.
 */
public final class SynthesisWeights {
    /** Length of w. */
    public static final int W_DIM = 512;

    private static final int MAX_CHANNELS = 512;

    /** One parameter or buffer, row-major. */
    public record Parameter(float[] data, long... shape) {
    }

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final int resolution;
    private final int channelBase;
    private double gflop;

    /** @param channelBase channels times resolution, before the cap at 512 channels */
    public SynthesisWeights(int resolution, int channelBase) {
        this.resolution = resolution;
        this.channelBase = channelBase;
        add("b4.const", 1, 0, channels(4), 4, 4);
        for (int size = 4; size <= resolution; size *= 2) {
            int channels = channels(size);
            if (size > 4) {
                layer("b" + size + ".conv0", size, size / 2, channels(size / 2), channels);
            }
            layer("b" + size + ".conv1", size, size, channels, channels);
            add("b" + size + ".torgb.weight", 1, 0, 3, channels, 1, 1);
            add("b" + size + ".torgb.bias", 0.1, 0, 3);
            affine("b" + size + ".torgb.affine", channels);
            gflop += Flops.conv2d(1, channels, 3, 1, size);
        }
    }

    private void layer(String name, int size, int inputSize, int in, int out) {
        add(name + ".weight", 1, 0, out, in, 3, 3);
        add(name + ".noise_strength", 0, 0.1);
        add(name + ".noise_const", 1, 0, size, size);
        add(name + ".bias", 0.1, 0, out);
        affine(name + ".affine", in);
        gflop += Flops.conv2d(1, in, out, 3, inputSize);
    }

    private void affine(String name, int channels) {
        add(name + ".weight", 1, 0, channels, W_DIM);
        add(name + ".bias", 0.1, 1, channels);
    }

    private void add(String name, double deviation, double mean, long... shape) {
        int n = 1;
        for (long d : shape) {
            n *= Math.toIntExact(d);
        }
        float[] data = SeededData.uniform(name.hashCode(), n, deviation);
        for (int i = 0; i < n; i++) {
            data[i] += (float) mean;
        }
        parameters.put(name, new Parameter(data, shape));
    }

    /** By name, in the order of the network. */
    public Map<String, Parameter> parameters() {
        return parameters;
    }

    public int resolution() {
        return resolution;
    }

    /** Channels of the block that works at {@code size}². */
    public int channels(int size) {
        return Math.min(channelBase / size, MAX_CHANNELS);
    }

    /** Number of w vectors the network reads: two a block, less one at 4², and one for the last toRGB. */
    public int layers() {
        return 2 * Integer.numberOfTrailingZeros(resolution) - 2;
    }

    /** Multiplications and additions of one picture's convolutions, in 10⁹. */
    public double gflop() {
        return gflop;
    }
}
