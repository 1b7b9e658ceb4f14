package stylegan4j.stylegan.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.ShuffledOrder;
import stylegan4j.stylegan.metric.FeatureStatistics;
import stylegan4j.stylegan.metric.FrechetDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * How far a generator's samples are from the pictures it learns from: the Fréchet distance of their features (arXiv
 * 1706.08500). The same samples each time.
 */
public final class SampleQuality {
    private static final int AT_ONCE = 16;

    private final UnaryOperator<Tensor> features;
    private final Dataset dataset;
    private final ShuffledOrder order;
    private final int samples;
    private FeatureStatistics reals;

    /**
     * @param features pictures [N, 3, H, W] in −1 … 1 → [N, D]
     * @param samples how many are made, and at most how many pictures they are compared with; more than D
     */
    public SampleQuality(UnaryOperator<Tensor> features, Dataset dataset, int samples) {
        if (samples < 2) {
            throw new IllegalArgumentException("sample quality: samples expected 2 or more, got " + samples);
        }
        this.features = features;
        this.dataset = dataset;
        this.order = new ShuffledOrder(dataset.size(), 0);
        this.samples = samples;
    }

    /** The name of this measure, as the official ones are called: {@code fid1024}. */
    String name() {
        return "fid" + samples;
    }

    /** The distance; smaller is better. */
    public double of(Generator generator) throws IOException {
        if (reals == null) {
            reals = ofReals();
        }
        FeatureStatistics fakes = null;
        var numbers = new RandomNumbers(0);
        for (int from = 0; from < samples; from += AT_ONCE) {
            int count = Math.min(AT_ONCE, samples - from);
            int first = from;
            try (var _ = Scope.open()) {
                Tensor z = numbers.normal(count, generator.config().zDim());
                fakes = add(fakes, Autograd.noGrad(() -> features.apply(generator.forward(z, labels(first, count),
                        Truncation.NONE, Noise.CONST).clamp(-1, 1))));
            }
        }
        return FrechetDistance.between(fakes, reals);
    }

    private FeatureStatistics ofReals() throws IOException {
        int count = Math.min(samples, dataset.size());
        FeatureStatistics statistics = null;
        for (int from = 0; from < count; from += AT_ONCE) {
            List<Image> images = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + AT_ONCE); i++) {
                images.add(dataset.picture(order.at(i)));
            }
            try (var _ = Scope.open()) {
                statistics = add(statistics,
                        Autograd.noGrad(() -> features.apply(ImageTensors.toTensor(images))));
            }
        }
        return statistics;
    }

    private static FeatureStatistics add(FeatureStatistics statistics, Tensor vectors) {
        return (statistics == null ? new FeatureStatistics(vectors.size(1)) : statistics).add(vectors);
    }

    /** The labels of pictures of the dataset, or null without labels. */
    private Tensor labels(int first, int count) {
        int size = dataset.labelSize();
        if (size == 0) {
            return null;
        }
        float[] labels = new float[count * size];
        for (int i = 0; i < count; i++) {
            System.arraycopy(dataset.label(order.at(first + i)), 0, labels, i * size, size);
        }
        return Tensor.of(labels, count, size);
    }
}
