package stylegan4j.kernels;

/**
 * What a fused convolution does to each output before storing it:
 * {@code clamp(gain · activation(v + noise·strength + bias))}.
 *
 * @param noise [1 or N, 1, H, W] of the output's size, or null
 * @param noiseStrength one element; null exactly when noise is null
 * @param bias [O], or null
 */
public record Epilogue(NdArray noise, NdArray noiseStrength, NdArray bias, BiasAct act) {
    /** Stores the value as it is. */
    public static final Epilogue NONE = new Epilogue(null, null, null,
            new BiasAct(1, Activation.LINEAR, 0, 1, -1));
}
