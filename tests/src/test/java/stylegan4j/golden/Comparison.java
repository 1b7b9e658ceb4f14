package stylegan4j.golden;

import java.util.Locale;

/** Decides whether a result agrees with the stored one, as the golden README says. */
final class Comparison implements GoldenCase.Judge {
    /** Above this elementwise bound a bound on the whole, where there is one, is the meaningful test. */
    private static final double COARSE = 1e-4;
    /** "Within about ten times" what the official code strays in float32, where that is beyond the elementwise one. */
    private static final double STRAYING = 10;

    private final Manifest.Tolerance tolerance;

    Comparison(Manifest.Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    @Override
    public String difference(Manifest.Output output, float[] got, float[] want) {
        float[] compared = compared(output, got, want.length);
        if (compared.length != want.length) {
            return "expected " + want.length + " elements, got " + compared.length;
        }
        if (tolerance.l2() != null && tolerance.rel() > COARSE) {
            return wholeDifference(compared, want, tolerance.l2());
        }
        if (output.strayedL2() != null && output.strayed() > tolerance.rel()) {
            return wholeDifference(compared, want, STRAYING * output.strayedL2());
        }
        double rms = output.isSampled() ? output.stats().rms() : rms(want);
        double bound = tolerance.rel() * rms;
        for (int i = 0; i < want.length; i++) {
            // Written so that a NaN fails.
            if (!(Math.abs(compared[i] - (double) want[i]) <= bound)) {
                return text("element %d: expected %.9g, got %.9g, off by %.3g of rms (allowed %.3g); worst %.3g", i,
                        want[i], compared[i], Math.abs(compared[i] - want[i]) / rms, tolerance.rel(),
                        worst(compared, want) / rms);
            }
        }
        return output.isSampled() ? statsDifference(output.stats(), got, bound) : null;
    }

    private static String wholeDifference(float[] got, float[] want, double bound) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < want.length; i++) {
            difference += Math.pow(got[i] - (double) want[i], 2);
            norm += Math.pow(want[i], 2);
        }
        double l2 = Math.sqrt(difference / norm);
        return l2 <= bound ? null : text("relative norm of the difference %.3g, allowed %.3g", l2, bound);
    }

    private static String statsDifference(Manifest.Stats want, float[] got, double bound) {
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (float v : got) {
            sum += v;
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        var stats = new Manifest.Stats(sum / got.length, rms(got), min, max);
        boolean close = Math.abs(stats.mean() - want.mean()) <= bound && Math.abs(stats.rms() - want.rms()) <= bound
                && Math.abs(min - want.min()) <= bound && Math.abs(max - want.max()) <= bound;
        return close ? null : "expected " + want + ", got " + stats + ", allowed " + bound;
    }

    /** The elements that are stored of an output: all, or those at flat indices floor(j·N/count). */
    static float[] compared(Manifest.Output output, float[] all, int count) {
        return output.isSampled() ? sample(all, count) : all;
    }

    private static float[] sample(float[] all, int count) {
        float[] picked = new float[count];
        for (int j = 0; j < count; j++) {
            picked[j] = all[(int) ((long) j * all.length / count)];
        }
        return picked;
    }

    private static double rms(float[] values) {
        double sum = 0;
        for (float v : values) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum / values.length);
    }

    private static double worst(float[] got, float[] want) {
        double worst = 0;
        for (int i = 0; i < want.length; i++) {
            worst = Math.max(worst, Math.abs(got[i] - (double) want[i]));
        }
        return worst;
    }

    private static String text(String format, Object... args) {
        return String.format(Locale.ROOT, format, args);
    }
}
