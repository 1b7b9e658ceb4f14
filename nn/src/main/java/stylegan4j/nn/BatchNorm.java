package stylegan4j.nn;

import stylegan4j.kernels.DType;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Batch normalisation (Ioffe and Szegedy 2015; torch.nn.BatchNorm1d and BatchNorm2d in one): in training by the
 * statistics of the batch, which also move the running ones, else by the running statistics.
 */
public final class BatchNorm extends Module implements Layer {
    /** PyTorch's defaults. */
    public static final double EPSILON = 1e-5;
    public static final double MOMENTUM = 0.1;

    private final int channels;
    private final double epsilon;
    private final double momentum;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor runningMean;
    private final Tensor runningVariance;
    private final Tensor batches;

    /** With scale and shift and the default constants. */
    public BatchNorm(int channels) {
        this(channels, EPSILON, MOMENTUM, true);
    }

    /**
     * @param momentum share of the newest batch in the running statistics
     * @param affine whether there are a weight and a bias
     */
    public BatchNorm(int channels, double epsilon, double momentum, boolean affine) {
        this.channels = channels;
        this.epsilon = epsilon;
        this.momentum = momentum;
        this.weight = affine ? parameter("weight", Tensor.ones(channels)) : null;
        this.bias = affine ? parameter("bias", Tensor.zeros(channels)) : null;
        this.runningMean = buffer("running_mean", Tensor.zeros(channels));
        this.runningVariance = buffer("running_var", Tensor.ones(channels));
        this.batches = buffer("num_batches_tracked", Tensor.of(new int[1]));
    }

    /**
     * x [N, C, ...] → the same shape.
     *
     * @throws IllegalArgumentException in training, if a channel has but one value
     */
    @Override
    public Tensor forward(Tensor x) {
        Normalization.requireChannels("batchNorm", x, 2, channels);
        return isTraining() ? byBatch(x) : byRunningStatistics(x);
    }

    /** One factor and one shift a channel: two passes over x. */
    private Tensor byRunningStatistics(Tensor x) {
        return Normalization.scaleChannels(x, scale(), shift(null));
    }

    /** The factor of each channel outside training, [C]. */
    Tensor scale() {
        Tensor scale = runningVariance.add(epsilon).rsqrt();
        return weight == null ? scale : scale.mul(weight);
    }

    /** What is added after {@link #scale}, [C], if {@code before} was added before it (null for nothing). */
    Tensor shift(Tensor before) {
        Tensor mean = before == null ? runningMean : runningMean.sub(before);
        Tensor shift = mean.mul(scale()).neg();
        return bias == null ? shift : shift.add(bias);
    }

    private Tensor byBatch(Tensor x) {
        long count = channels == 0 ? 0 : x.numel() / channels;
        if (count < 2) {
            throw new IllegalArgumentException("batchNorm: training needs more than one value a channel, got "
                    + x.describe());
        }
        int[] dims = new int[x.rank() - 1];
        for (int i = 1; i < dims.length; i++) {
            dims[i] = i + 1;
        }
        Tensor mean = x.meanKeep(dims);
        Tensor centred = x.sub(mean);
        Tensor variance = centred.square().meanKeep(dims);
        track(mean, variance, count);
        return Normalization.scaleChannels(centred.mul(variance.add(epsilon).rsqrt()), weight, bias);
    }

    /** The running variance is the unbiased one. */
    private void track(Tensor mean, Tensor variance, long count) {
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                move(runningMean, mean, 1);
                move(runningVariance, variance, count / (count - 1.0));
                batches.assign(Tensor.of(new int[] {batches.toIntArray()[0] + 1}));
            }
        });
    }

    private void move(Tensor running, Tensor batch, double factor) {
        running.assign(running.mul(1 - momentum).add(batch.reshape(channels).mul(factor * momentum)));
    }
}
