package stylegan4j.bench;

/** A benchmark compares its two sides' results before it times them. */
public final class Agreement {
    private Agreement() {
    }

    /** The root mean square of {@code got − want} over that of {@code want}. */
    public static double relativeRms(float[] got, float[] want) {
        double difference = 0;
        double square = 0;
        for (int i = 0; i < want.length; i++) {
            double d = (double) got[i] - want[i];
            difference += d * d;
            square += (double) want[i] * want[i];
        }
        return Math.sqrt(difference / square);
    }

    /** Throws {@link IllegalStateException} unless the results agree to {@code tolerance} in relative rms. */
    public static void check(String what, float[] got, float[] want, double tolerance) {
        if (got.length != want.length) {
            throw new IllegalStateException(what + ": " + got.length + " values, libtorch has " + want.length);
        }
        double deviation = relativeRms(got, want);
        if (!(deviation <= tolerance)) {
            throw new IllegalStateException(
                    what + ": differs from libtorch by " + deviation + " relative rms, allowed " + tolerance);
        }
    }
}
