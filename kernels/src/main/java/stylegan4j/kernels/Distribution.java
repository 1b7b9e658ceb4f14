package stylegan4j.kernels;

/** What the counter-based generator (Philox 4x32-10) draws. */
public enum Distribution {
    /** Uniform in [0, 1), 24 bits. */
    UNIFORM,
    /** Normal with mean 0 and variance 1. */
    NORMAL
}
