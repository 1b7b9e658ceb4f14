package stylegan4j.kernels;

/**
 * The numbers of one update by Adam (Kingma and Ba 2015) or a relative of it. With p the parameter, m and v the moving
 * averages of its gradient and of the gradient's square:
 *
 * <pre>
 * g = gradient + gradientDecay·p
 * m = meanKept·m + meanShare·g
 * v = squareKept·v + squareShare·g²
 * p = parameterKept·p − stepSize·m / (rootScale·√v + epsilon)
 * </pre>
 *
 * @param meanKept β₁
 * @param meanShare 1 − β₁
 * @param squareKept β₂
 * @param squareShare 1 − β₂
 * @param stepSize learning rate with the correction of m's bias
 * @param rootScale 1/√(1 − β₂ᵗ), the correction of v's bias
 * @param gradientDecay weight decay that goes through the moments, 0 for none
 * @param parameterKept 1 less the weight decay that does not, 1 for none
 */
public record AdamStep(float meanKept, float meanShare, float squareKept, float squareShare, float stepSize,
                       float rootScale, float epsilon, float gradientDecay, float parameterKept) {
    /** Arguments in double; the shares are computed before they are rounded. */
    public static AdamStep of(double beta1, double beta2, double stepSize, double rootScale, double epsilon,
                              double gradientDecay, double parameterKept) {
        return new AdamStep((float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), (float) stepSize,
                (float) rootScale, (float) epsilon, (float) gradientDecay, (float) parameterKept);
    }
}
