package stylegan4j.kernels;

/** Elementwise functions of two arrays. Comparisons give 1 or 0. */
public enum BinaryOp {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MAXIMUM, MINIMUM, GREATER, GREATER_EQUAL, EQUAL
}
