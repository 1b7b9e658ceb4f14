package stylegan4j.stylegan.train;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.tensor.Tensor;

/** Means and standard deviations of named numbers since the last look. */
public final class Statistics {
    private final Map<String, double[]> sums = new LinkedHashMap<>();

    /** @param num how many numbers; the others are not a number if there were none */
    public record Summary(long num, double mean, double std) {
    }

    public void add(String name, double value) {
        double[] sum = sums.computeIfAbsent(name, n -> new double[3]);
        sum[0]++;
        sum[1] += value;
        sum[2] += value * value;
    }

    /** Adds every element. */
    public void add(String name, Tensor values) {
        for (float value : values.toArray()) {
            add(name, value);
        }
    }

    /** The sign of every element: how sure a discriminator is. */
    public void addSigns(String name, Tensor values) {
        for (float value : values.toArray()) {
            add(name, Math.signum(value));
        }
    }

    /** Everything since the last call, by name. */
    public Map<String, Summary> take() {
        Map<String, Summary> summaries = new LinkedHashMap<>();
        sums.forEach((name, sum) -> {
            double mean = sum[1] / sum[0];
            summaries.put(name, new Summary((long) sum[0], mean,
                    Math.sqrt(Math.max(0, sum[2] / sum[0] - mean * mean))));
        });
        sums.clear();
        return summaries;
    }
}
