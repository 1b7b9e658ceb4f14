package stylegan4j.stylegan.avatar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * How well the feature network does on labelled pictures it has not seen.
 *
 * @param accuracy share of pictures whose value is told, by attribute
 * @param retrieval share of slightly changed pictures whose nearest embedding is that of the unchanged picture
 * @param same mean similarity of a picture and its changed self
 * @param different mean similarity of different pictures
 * @param confused share of pairs of different pictures with a similarity of 0.9 or more
 */
public record FeatureEvaluation(Map<String, Double> accuracy, double retrieval, double same, double different,
                                double confused) {
    private static final double ALIKE = 0.9;

    /** Over all pictures of a dataset; the changes depend on the seed alone. */
    public static FeatureEvaluation of(AvatarFeatures features, Dataset dataset, long seed) throws IOException {
        FeatureTraining.requireFitting(dataset, features.vocabulary());
        List<float[]> scores = new ArrayList<>();
        List<float[]> plain = new ArrayList<>();
        List<float[]> changed = new ArrayList<>();
        var jitter = new PictureJitter(new SplittableRandom(seed));
        for (int i = 0; i < dataset.size(); i++) {
            try (var _ = Scope.open()) {
                Tensor picture = ImageTensors.toTensor(dataset.picture(i));
                Autograd.noGrad(() -> {
                    scores.add(features.scores(picture).toArray());
                    plain.add(features.embed(picture).toArray());
                    changed.add(features.embed(jitter.view(picture)).toArray());
                });
            }
        }
        return identity(accuracy(features.vocabulary(), dataset, scores), plain, changed);
    }

    private static Map<String, Double> accuracy(AvatarVocabulary vocabulary, Dataset dataset, List<float[]> scores) {
        Map<String, Double> accuracy = new LinkedHashMap<>();
        for (int i = 0; i < scores.size(); i++) {
            Map<String, String> truth = vocabulary.describe(dataset.label(i));
            vocabulary.describe(scores.get(i)).forEach((name, told) ->
                    accuracy.merge(name, told.equals(truth.get(name)) ? 1.0 / scores.size() : 0, Double::sum));
        }
        return accuracy;
    }

    private static FeatureEvaluation identity(Map<String, Double> accuracy, List<float[]> plain,
                                              List<float[]> changed) {
        int n = plain.size();
        int found = 0;
        long confused = 0;
        double same = 0;
        double different = 0;
        for (int i = 0; i < n; i++) {
            double own = dot(changed.get(i), plain.get(i));
            boolean nearest = true;
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    nearest &= dot(changed.get(i), plain.get(j)) < own;
                    double similarity = dot(plain.get(i), plain.get(j));
                    different += similarity;
                    confused += similarity >= ALIKE ? 1 : 0;
                }
            }
            found += nearest ? 1 : 0;
            same += own;
        }
        double pairs = Math.max(1, (double) n * (n - 1));
        return new FeatureEvaluation(accuracy, (double) found / n, same / n, different / pairs, confused / pairs);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
