package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class FeatureDistanceTest {
    private static final float EPSILON = 1e-10f;

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1, 0", "2, 3, 5, 7, 1", "3, 64, 13, 1, 0", "2, 13, 23, 29, 1", "0, 3, 2, 2, 0",
            "2, 207, 1, 1, 1"})
    void distanceAndGradient(int n, int c, int h, int w, int sharedB) {
        try (Arrange arrange = new Arrange(2)) {
            NdArray a = arrange.normal(Layout.OFFSET, n, c, h, w);
            NdArray b = arrange.normal(sharedB == 1 ? Layout.BROADCAST_FIRST : Layout.DENSE, n, c, h, w);
            NdArray scale = arrange.normal(Layout.OFFSET, c);
            NdArray dy = arrange.normal(Layout.DENSE, n);
            NdArray y = arrange.empty(n);
            NdArray da = arrange.empty(DType.F32, n, c, h, w);
            arrange.backend.featureDistance(a, b, scale, EPSILON, y);
            arrange.backend.featureDistanceGradient(a, b, scale, EPSILON, dy, da);
            float[] as = Arrange.floats(a);
            float[] bs = Arrange.floats(b);
            float[] s = Arrange.floats(scale);
            float[] gradients = Arrange.floats(da);
            int places = h * w;
            for (int sample = 0; sample < n; sample++) {
                double sum = 0;
                for (int place = 0; place < places; place++) {
                    int first = sample * c * places + place;
                    double la = length(as, first, c, places);
                    double lb = length(bs, first, c, places);
                    double dot = 0;
                    for (int k = 0; k < c; k++) {
                        int at = first + k * places;
                        double difference = s[k] * (as[at] / la - bs[at] / lb);
                        sum += difference * difference;
                        dot += as[at] / la * s[k] * difference;
                    }
                    for (int k = 0; k < c; k++) {
                        int at = first + k * places;
                        double g = s[k] * s[k] * (as[at] / la - bs[at] / lb);
                        double expected = 2 * Arrange.floats(dy)[sample] / places * (g - as[at] / la * dot) / la;
                        // Terms of size scale² · |unit|, each rounded a few times, c of them in the dot product.
                        assertEquals(expected, gradients[at], 2e-6 * Math.sqrt(c) * 20 / places / la, "gradient " + at);
                    }
                }
                // Squares of differences of numbers up to 1 that are rounded to 2^-23; sums in float over c.
                assertEquals(sum / places, Arrange.floats(y)[sample], 2e-6 * (1 + sum / places), "sample " + sample);
            }
        }
    }

    private static double length(float[] x, int first, int channels, int places) {
        double sum = EPSILON;
        for (int k = 0; k < channels; k++) {
            sum += (double) x[first + k * places] * x[first + k * places];
        }
        return Math.sqrt(sum);
    }
}
