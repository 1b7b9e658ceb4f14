package stylegan4j.kernels.cuda.driver;

/**
 * Convolutions of a vendor's library (cuDNN). The fastest deterministic algorithm of a problem is searched for once;
 * the search is never part of a recording.
 */
public interface ConvolutionLibrary extends AutoCloseable {
    /** Name and version, for messages and records. */
    String version();

    /** Whether the library can do the problem; if not, the backend uses its own kernels. */
    boolean supports(ConvolutionProblem problem);

    void forward(ConvolutionProblem problem, long x, long weight, long y, Workspace workspace, GpuStream stream);

    /** The adjoint in x: dy → dx. */
    void inputGradient(ConvolutionProblem problem, long dy, long weight, long dx, Workspace workspace,
                       GpuStream stream);

    /** The adjoint in the weight: x and dy → dw. */
    void weightGradient(ConvolutionProblem problem, long x, long dy, long dw, Workspace workspace, GpuStream stream);

    @Override
    void close();
}
