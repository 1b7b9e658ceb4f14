package stylegan4j.kernels;

/** Elementwise functions of one array and up to two scalars, {@code p} and {@code q}. */
public enum UnaryOp {
    /** {@code p·x + q} */
    AFFINE,
    ABS,
    /** −1, 0 or 1 */
    SIGN,
    SQUARE,
    SQRT,
    /** {@code 1/√x} */
    RSQRT,
    RECIPROCAL,
    EXP,
    LOG,
    SIN,
    COS,
    TANH,
    /** {@code 1/(1+e^−x)} */
    SIGMOID,
    /** {@code log(1+e^x)}, without overflow */
    SOFTPLUS,
    /** {@code x^p} */
    POWER,
    /** {@code min(max(x, p), q)} */
    CLAMP,
    /** {@code x > 0 ? x : p·x} */
    LEAKY_RELU,
    /** The larger whole number not above x. */
    FLOOR,
    /** To the nearest whole number, halves to even. */
    ROUND,
    /** 1 where {@code x > p}, else 0 */
    GREATER,
    /** 1 where {@code p ≤ x ≤ q}, else 0 */
    BETWEEN
}
