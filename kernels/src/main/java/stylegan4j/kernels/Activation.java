package stylegan4j.kernels;

import java.util.Locale;

/**
 * The nine activation functions of StyleGAN2's {@code bias_act} table
 * (stylegan2-ada-pytorch, {@code torch_utils/ops/bias_act.py}) with their default slope and gain.
 */
public enum Activation {
    LINEAR(0, 1),
    RELU(0, Math.sqrt(2)),
    /** Leaky ReLU; alpha is the slope below zero. */
    LRELU(0.2, Math.sqrt(2)),
    TANH(0, 1),
    SIGMOID(0, 1),
    ELU(0, 1),
    SELU(0, 1),
    SOFTPLUS(0, 1),
    /** {@code x·sigmoid(x)}, default gain √2 */
    SWISH(0, Math.sqrt(2));

    private final float defaultAlpha;
    private final float defaultGain;

    Activation(double defaultAlpha, double defaultGain) {
        this.defaultAlpha = (float) defaultAlpha;
        this.defaultGain = (float) defaultGain;
    }

    public float defaultAlpha() {
        return defaultAlpha;
    }

    public float defaultGain() {
        return defaultGain;
    }

    /** Whether the derivatives can be told from the output alone; swish is not monotonic. */
    public boolean invertible() {
        return this != SWISH;
    }

    /** The official lower-case name, e.g. {@code lrelu}. */
    public String officialName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Looks up the official lower-case name, e.g. {@code lrelu}. */
    public static Activation named(String name) {
        for (Activation a : values()) {
            if (a.name().equalsIgnoreCase(name)) {
                return a;
            }
        }
        throw new IllegalArgumentException("activation: expected one of linear, relu, lrelu, tanh, sigmoid, elu, "
                + "selu, softplus, swish, got " + name);
    }
}
