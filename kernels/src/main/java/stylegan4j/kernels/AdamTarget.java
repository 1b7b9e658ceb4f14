package stylegan4j.kernels;

/** A parameter, its gradient and its moments, all dense and of one shape: see {@link AdamStep}. */
public record AdamTarget(NdArray parameter, NdArray gradient, NdArray mean, NdArray square) {
}
