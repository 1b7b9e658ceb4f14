package stylegan4j.stylegan.train.augment;

import java.util.function.DoubleUnaryOperator;

/**
 * One batch's random decisions: numbers for each sample, which take effect with a probability and are an identity
 * otherwise. Numbers are drawn whether they take effect or not.
 */
final class Choices {
    private final AugmentDraws draws;
    private final int batch;
    private final double strength;

    /** @param strength factor of every probability, p of the pipe */
    Choices(AugmentDraws draws, int batch, double strength) {
        this.draws = draws;
        this.batch = batch;
        this.strength = strength;
    }

    int batch() {
        return batch;
    }

    /** {@code value(u)} of a uniform number for each sample, with probability {@code factor·p}; else identity. */
    double[] uniform(double factor, DoubleUnaryOperator value, double identity) {
        return uniform(1, factor * strength, value, identity);
    }

    /** The same of a normal number. */
    double[] normal(double factor, DoubleUnaryOperator value, double identity) {
        return gated(draws.normal(batch), 1, factor * strength, value, identity);
    }

    /** Two numbers a sample, one after the other, decided together. */
    double[] uniformPairs(double factor, DoubleUnaryOperator value) {
        return uniform(2, factor * strength, value, 0);
    }

    /** {@link #uniformPairs} of normal numbers. */
    double[] normalPairs(double factor, DoubleUnaryOperator value) {
        return gated(draws.normal(2 * batch), 2, factor * strength, value, 0);
    }

    /** Angles of one of two rotations, of which at least one happens with {@code factor·p}. */
    double[] halfRotation(double factor) {
        double probability = 1 - Math.sqrt(Math.clamp(1 - factor * strength, 0.0, 1.0));
        return uniform(1, probability, Choices::angle, 0);
    }

    /** One value for each sample, with probability {@code factor·p}; else identity. */
    double[] fixed(double factor, double value, double identity) {
        return gated(new float[batch], 1, factor * strength, zero -> value, identity);
    }

    /** Any angle of the circle from a uniform number. */
    static double angle(double u) {
        return (u * 2 - 1) * Math.PI;
    }

    private double[] uniform(int each, double probability, DoubleUnaryOperator value, double identity) {
        return gated(draws.uniform(each * batch), each, probability, value, identity);
    }

    private double[] gated(float[] drawn, int each, double probability, DoubleUnaryOperator value, double identity) {
        float[] gates = draws.uniform(batch);
        double[] chosen = new double[drawn.length];
        for (int i = 0; i < drawn.length; i++) {
            chosen[i] = gates[i / each] < (float) probability ? value.applyAsDouble(drawn[i]) : identity;
        }
        return chosen;
    }
}
