package stylegan4j.stylegan.avatar;

import java.util.Arrays;
import java.util.List;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * How well codes can be edited: each is moved along the direction of each attribute, and the feature network tells what
 * became of it. Inversions differ in it apart from their distortion (e4e, arXiv 2102.02766, section 3).
 *
 * @param amount how far codes are moved, in spreads of W along the direction
 */
public record EditMetrics(AttributeDirections directions, AvatarFeatures features, double amount) {
    /**
     * Shares of all edits.
     *
     * @param changed edits after which the attribute is seen where it was not, or not where it was
     * @param kept other attributes that are seen as before
     */
    public record Scores(double changed, double kept) {
        /** The mean of each. */
        public static Scores mean(List<Scores> scores) {
            return new Scores(scores.stream().mapToDouble(Scores::changed).average().orElse(Double.NaN),
                    scores.stream().mapToDouble(Scores::kept).average().orElse(Double.NaN));
        }
    }

    /** Scores of each picture of an inversion: attributes it shows are taken away, others given. */
    public List<Scores> of(InversionResult found) {
        return Autograd.noGrad(() -> {
            boolean[][] before = seen(found, found.codes());
            double[] changed = new double[before.length];
            double[] kept = new double[before.length];
            int count = directions.all().size();
            for (int edited = 0; edited < count; edited++) {
                boolean[][] more = moved(found, directions.all().get(edited), amount);
                boolean[][] less = moved(found, directions.all().get(edited), -amount);
                for (int i = 0; i < before.length; i++) {
                    boolean[] after = before[i][edited] ? less[i] : more[i];
                    changed[i] += after[edited] == before[i][edited] ? 0 : 1;
                    kept[i] += equal(after, before[i]) - (after[edited] == before[i][edited] ? 1 : 0);
                }
            }
            Scores[] scores = new Scores[before.length];
            Arrays.setAll(scores, i -> new Scores(changed[i] / count, kept[i] / (count * (count - 1))));
            return List.of(scores);
        });
    }

    private static int equal(boolean[] a, boolean[] b) {
        int equal = 0;
        for (int i = 0; i < a.length; i++) {
            equal += a[i] == b[i] ? 1 : 0;
        }
        return equal;
    }

    private boolean[][] moved(InversionResult found, Direction direction, double by) {
        try (var _ = Scope.open()) {
            return seen(found, direction.apply(found.codes(), by));
        }
    }

    /** Which attributes each picture shows: [N][directions]. */
    private boolean[][] seen(InversionResult found, Tensor codes) {
        AvatarVocabulary vocabulary = features.vocabulary();
        float[] scores = Scope.local(() -> features.scores(found.generator().synthesis(codes, found.noise())
                .clamp(-1, 1))).toArray();
        boolean[][] seen = new boolean[codes.size(0)][directions.all().size()];
        for (int i = 0; i < seen.length; i++) {
            float[] own = Arrays.copyOfRange(scores, i * vocabulary.size(), (i + 1) * vocabulary.size());
            for (int d = 0; d < seen[i].length; d++) {
                seen[i][d] = directions.all().get(d).attribute().probability(own, vocabulary) > 0.5;
            }
        }
        return seen;
    }
}
