package stylegan4j.kernels;

/** How finely the factors of convolutions and matrix products are kept; sums are always binary32. */
public enum Precision {
    /** Exact products of binary32. */
    F32,
    /** Factors rounded to 10 bits of fraction, with binary32's range. */
    TF32,
    /** Factors as binary16: 10 bits of fraction and a small range. */
    F16,
    /** Factors as bfloat16: 7 bits of fraction, with binary32's range. */
    BF16
}
