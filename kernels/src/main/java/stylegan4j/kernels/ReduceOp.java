package stylegan4j.kernels;

/** How a reduction combines elements. The order of summation depends on the shape alone, never on threads. */
public enum ReduceOp {
    SUM, SUM_OF_SQUARES, MAXIMUM, MINIMUM
}
