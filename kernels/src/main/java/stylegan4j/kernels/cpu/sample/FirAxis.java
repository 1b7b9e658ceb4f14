package stylegan4j.kernels.cpu.sample;

/**
 * One direction of upfirdn2d in polyphase form. Output o reads the zero-stuffed input from position
 * {@code p = o·down − pad} on; only every {@code up}-th position there holds a sample, so o needs the taps
 * {@code phase, phase + up, …} and consecutive inputs from {@code source(o)} on. Both repeat: {@code period} outputs
 * later the phase is the same and the source {@code advance} samples further.
 */
final class FirAxis {
    private final int inputs;
    private final int outputs;
    private final int period;
    private final int advance;
    private final int down;
    private final int up;
    private final int pad;
    private final int length;
    private final float[][] phases;

    /** @param taps in the order of correlation */
    FirAxis(int inputs, int outputs, int up, int down, int pad, float[] taps) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.up = up;
        this.down = down;
        this.pad = pad;
        this.length = taps.length;
        int common = gcd(up, down);
        this.period = up / common;
        this.advance = down / common;
        this.phases = new float[period][];
        for (int o = 0; o < period; o++) {
            int phase = phase(o);
            phases[o] = new float[Math.ceilDiv(Math.max(0, length - phase), up)];
            for (int t = 0; t < phases[o].length; t++) {
                phases[o][t] = taps[phase + t * up];
            }
        }
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** Number of taps. */
    int length() {
        return length;
    }

    /** Distance between the taps that meet neighbouring samples. */
    int up() {
        return up;
    }

    /** Outputs after which the phases repeat. */
    int period() {
        return period;
    }

    /** Inputs that one period moves on. */
    int advance() {
        return advance;
    }

    /** Index of the first tap that meets a sample. */
    int phase(int output) {
        return Math.floorMod(pad - output * down, up);
    }

    /** The taps that meet samples, in order. */
    float[] taps(int output) {
        return phases[output % period];
    }

    /** The input under the first of {@link #taps}; may lie outside, where inputs are zero. */
    int source(int output) {
        return Math.ceilDiv(output * down - pad, up);
    }

    /** Zeros that the outputs read before the first input. */
    int lead() {
        return Math.max(0, -source(0));
    }

    /** Zeros that the outputs read after the last input. */
    int tail() {
        int last = Math.floorDiv((outputs - 1) * down - pad + length - 1, up);
        return Math.max(0, last + 1 - inputs);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
