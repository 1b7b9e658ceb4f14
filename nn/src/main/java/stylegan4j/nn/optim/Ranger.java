package stylegan4j.nn.optim;

/** Ranger: rectified Adam, centralised gradients and lookahead, put together as in pSp's {@code ranger.py}. */
public final class Ranger {
    private Ranger() {
    }

    /**
     * Betas 0.95 and 0.999, epsilon 1e-5, no weight decay, lookahead by one half every 6 steps. The default epsilon in
     * pSp's file is 6.1e-5: pass it to {@link #rule(double, double, double, double)} to repeat a training of pSp.
     */
    public static UpdateRule rule() {
        return rule(0.95, 0.999, 1e-5, 0);
    }

    /** @param weightDecay taken off the parameter */
    public static UpdateRule rule(double beta1, double beta2, double epsilon, double weightDecay) {
        return new Lookahead(new GradientCentralization(new RAdam(beta1, beta2, epsilon, weightDecay, true)), 0.5, 6);
    }
}
