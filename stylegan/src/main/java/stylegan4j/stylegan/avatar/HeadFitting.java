package stylegan4j.stylegan.avatar;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.ShuffledOrder;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * Fits the attribute heads to convolutions that no longer move: their activations are computed once, so that many
 * passes over the pictures cost little.
 */
final class HeadFitting {
    private static final int MOST_PICTURES = 12_000;
    private static final int EPOCHS = 16;
    private static final int BATCH = 256;
    private static final double LEARNING_RATE = 0.02;

    private final AvatarNetwork network;
    private final AvatarVocabulary vocabulary;
    private final Dataset dataset;
    private final int pictures;

    HeadFitting(AvatarNetwork network, AvatarVocabulary vocabulary, Dataset dataset) {
        this.network = network;
        this.vocabulary = vocabulary;
        this.dataset = dataset;
        this.pictures = Math.min(MOST_PICTURES, dataset.size());
    }

    /** Depends on the seed alone. */
    void run(long seed) throws IOException {
        try (var _ = Scope.open()) {
            Tensor activations = activations();
            Tensor labels = labels();
            Map<String, Tensor> heads = network.heads();
            heads.values().forEach(p -> p.requiresGrad(true));
            var optimizer = new Optimizer(heads, Adam.of(0.9, 0.99), LEARNING_RATE);
            int batch = Math.min(BATCH, pictures);
            long steps = (long) EPOCHS * pictures / batch;
            LearningRate rate = LearningRate.cosine(LEARNING_RATE, 0, steps);
            var order = new ShuffledOrder(pictures, seed);
            for (long step = 0; step < steps; step++) {
                int[] chosen = new int[batch];
                for (int i = 0; i < batch; i++) {
                    chosen[i] = order.at(step * batch + i);
                }
                try (var _ = Scope.open()) {
                    Tensor index = Tensor.of(chosen, batch);
                    optimizer.learningRate(rate.at(step));
                    optimizer.zeroGrad();
                    FeatureLoss.attributes(network.scores(activations.indexSelect(0, index)),
                            labels.indexSelect(0, index), vocabulary).backward();
                    optimizer.step();
                }
            }
            heads.values().forEach(p -> p.requiresGrad(false));
        }
    }

    private Tensor activations() throws IOException {
        float[] all = null;
        for (int from = 0; from < pictures; from += BATCH) {
            int n = Math.min(BATCH, pictures - from);
            float[] part;
            try (var _ = Scope.open()) {
                Tensor[] each = new Tensor[n];
                for (int i = 0; i < n; i++) {
                    each[i] = ImageTensors.toTensor(dataset.picture(from + i));
                }
                Tensor batch = Views.concat(List.of(each), 0);
                part = Autograd.noGrad(() -> network.details(network.stages(batch))).toArray();
            }
            all = all == null ? new float[pictures * (part.length / n)] : all;
            System.arraycopy(part, 0, all, from * (part.length / n), part.length);
        }
        return Tensor.of(all, pictures, all.length / pictures);
    }

    private Tensor labels() {
        int size = vocabulary.size();
        float[] all = new float[pictures * size];
        for (int i = 0; i < pictures; i++) {
            System.arraycopy(dataset.label(i), 0, all, i * size, size);
        }
        return Tensor.of(all, pictures, size);
    }
}
