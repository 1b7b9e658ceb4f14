package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * Maps latent codes z, and class labels c, to intermediate latent codes w (stylegan2-ada-pytorch,
 * {@code training/networks.py}: MappingNetwork).
 */
public final class MappingNetwork extends Module {
    private static final double EPSILON = 1e-8;

    private final int zDim;
    private final int cDim;
    private final int numWs;
    private final double wAvgBeta;
    private final Tensor wAvg;
    private final FullyConnected embed;
    private final List<FullyConnected> layers = new ArrayList<>();

    /**
     * @param zDim 0 for none
     * @param cDim 0 for none
     * @param numWs layers of a synthesis network to broadcast w to; 0 for a network without w̄, as in discriminators
     */
    MappingNetwork(int zDim, int cDim, int wDim, int numWs, MappingConfig config, Initializer init) {
        this.zDim = zDim;
        this.cDim = cDim;
        this.numWs = numWs;
        this.wAvgBeta = config.wAvgBeta();
        this.wAvg = numWs > 0 ? buffer("w_avg", Tensor.zeros(wDim)) : null;
        int embedFeatures = config.embedFeatures() > 0 ? config.embedFeatures() : wDim;
        int layerFeatures = config.layerFeatures() > 0 ? config.layerFeatures() : wDim;
        this.embed = cDim > 0
                ? child("embed", new FullyConnected(cDim, embedFeatures, Activation.LINEAR, 1, 0, init)) : null;
        int in = zDim + (cDim > 0 ? embedFeatures : 0);
        for (int i = 0; i < config.numLayers(); i++) {
            int out = i == config.numLayers() - 1 ? wDim : layerFeatures;
            layers.add(child("fc" + i,
                    new FullyConnected(in, out, config.activation(), config.lrMultiplier(), 0, init)));
            in = out;
        }
    }

    /** The running average of w, [w_dim]. */
    public Tensor wAvg() {
        return wAvg;
    }

    /**
     * Maps to one w a sample, and moves w̄ towards their mean in training.
     *
     * @param z [N, z_dim]; null if z_dim is 0
     * @param c [N, c_dim], usually one-hot; null if c_dim is 0
     * @return [N, w_dim]
     */
    public Tensor forward(Tensor z, Tensor c) {
        Tensor w = map(z, c);
        if (wAvg != null && isTraining()) {
            updateAverage(w);
        }
        return w;
    }

    /** {@link #forward(Tensor, Tensor)} that leaves w̄ alone, for the second codes of style mixing. */
    public Tensor map(Tensor z, Tensor c) {
        List<Tensor> parts = new ArrayList<>();
        if (zDim > 0) {
            parts.add(normalized(expect("z", z, zDim)));
        }
        if (cDim > 0) {
            parts.add(normalized(embed.forward(expect("c", c, cDim))));
        }
        Tensor x = parts.size() == 1 ? parts.getFirst() : Views.concat(parts, 1);
        for (FullyConnected layer : layers) {
            x = layer.forward(x);
        }
        return x;
    }

    /**
     * Maps to one w for each layer of the synthesis network.
     *
     * @param z [N, z_dim]; null if z_dim is 0
     * @param c [N, c_dim], usually one-hot; null if c_dim is 0
     * @return [N, num_ws, w_dim]
     */
    public Tensor forward(Tensor z, Tensor c, Truncation truncation) {
        return truncate(broadcast(forward(z, c)), truncation);
    }

    /** The same w for every layer: [N, w_dim] → [N, num_ws, w_dim]. */
    public Tensor broadcast(Tensor w) {
        return w.unsqueeze(1).expand(-1, numWs, -1);
    }

    /** Moves codes [N, num_ws, w_dim] towards w̄: {@code w̄ + psi·(ws − w̄)} below the cutoff. */
    public Tensor truncate(Tensor ws, Truncation truncation) {
        int cutoff = Math.min(truncation.cutoff(), numWs);
        if (truncation.psi() == 1 || cutoff == 0) {
            return ws;
        }
        Tensor head = ws.slice(1, 0, cutoff);
        Tensor moved = wAvg.add(head.sub(wAvg).mul(truncation.psi()));
        return cutoff == numWs ? moved : Views.concat(List.of(moved, ws.slice(1, cutoff, numWs)), 1);
    }

    private void updateAverage(Tensor w) {
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                Tensor mean = w.detach().mean(0);
                wAvg.assign(mean.add(wAvg.sub(mean).mul(wAvgBeta)));
            }
        });
    }

    private static Tensor normalized(Tensor x) {
        return x.mul(x.square().meanKeep(1).add(EPSILON).rsqrt());
    }

    private static Tensor expect(String argument, Tensor x, int features) {
        if (x == null || x.rank() != 2 || x.size(1) != features) {
            throw new IllegalArgumentException("mapping: " + argument + " must be [N, " + features + "], got "
                    + (x == null ? "none" : x.describe()));
        }
        return x;
    }
}
