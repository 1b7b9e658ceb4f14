package stylegan4j.nn.optim;

import java.util.Map;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;

/** A moving average of a module's parameters in another of the same make; buffers are copied. */
public final class Ema {
    private final Map<String, Tensor> averages;
    private final Map<String, Tensor> sources;
    private final Map<String, Tensor> parameters;

    /** @throws IllegalArgumentException if the two differ in names */
    public Ema(Module average, Module source) {
        averages = average.state();
        sources = source.state();
        parameters = source.parameters();
        if (!averages.keySet().equals(sources.keySet())) {
            throw new IllegalArgumentException("ema: the modules differ in their tensors: " + averages.keySet()
                    + " and " + sources.keySet());
        }
    }

    /** @param beta share kept of the average, 0 … 1 */
    public void update(double beta) {
        Pointwise moved = Pointwise.of("ema", (average, source) -> average.sub(average.sub(source).mul(1 - beta)));
        Autograd.noGrad(() -> averages.forEach((name, average) -> {
            Tensor source = sources.get(name);
            if (parameters.containsKey(name)) {
                moved.assign(average, average, source);
            } else {
                average.assign(source);
            }
        }));
    }

    /**
     * The share for one iteration of a training (stylegan2-ada-pytorch, {@code training_loop.py}).
     *
     * @param batch pictures in this iteration
     * @param halfLife in thousands of pictures
     * @param seen pictures so far
     * @param rampUp bound on the half-life as a share of the pictures so far, or infinite for none
     */
    public static double beta(int batch, double halfLife, long seen, double rampUp) {
        double pictures = rampUp == Double.POSITIVE_INFINITY ? halfLife * 1000 : Math.min(halfLife * 1000,
                seen * rampUp);
        return Math.pow(0.5, batch / Math.max(pictures, 1e-8));
    }
}
