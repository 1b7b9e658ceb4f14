package stylegan4j.golden;

import stylegan4j.kernels.cpu.winograd.WinogradChoice;
import stylegan4j.tensor.op.FusedConvolution;

/** A way of computing the same numbers. */
enum Route {
    /** Fused kernels and all fast algorithms: what users get. */
    FUSED("", true, true),
    /**
     * Fused kernels without Winograd's algorithm. Discriminator cases have some ten million activations, the smallest
     * of them 1e-7 from the kink of their leaky ReLU; one that is rounded to its other side changes gradients by more
     * than the tolerance. Direct convolutions round half as much.
     */
    DIRECT(" (direct)", true, false),
    /** Plain operations. */
    COMPOSITE(" (composite)", false, false);

    private final String suffix;
    private final boolean fused;
    private final boolean winograd;

    Route(String suffix, boolean fused, boolean winograd) {
        this.suffix = suffix;
        this.fused = fused;
        this.winograd = winograd;
    }

    /** Tells the tests of one case apart. */
    String suffix() {
        return suffix;
    }

    void choose() {
        FusedConvolution.useFused(fused);
        WinogradChoice.use(winograd);
    }
}
