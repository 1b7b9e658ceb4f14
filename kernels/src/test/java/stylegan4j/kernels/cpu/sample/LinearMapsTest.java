package stylegan4j.kernels.cpu.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.Threads;

@Tag("widths")
class LinearMapsTest {
    /** Outputs with {@code least … most} terms in random places. */
    private static LinearMap random(int inputs, int outputs, int least, int most) {
        Random random = new Random(inputs * 31 + outputs);
        int[] starts = new int[outputs + 1];
        for (int i = 0; i < outputs; i++) {
            starts[i + 1] = starts[i] + least + random.nextInt(most - least + 1);
        }
        int[] columns = new int[starts[outputs]];
        float[] weights = Host.values(outputs, columns.length);
        Arrays.setAll(columns, t -> random.nextInt(inputs));
        return new LinearMap(inputs, outputs, starts, columns, weights);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 1",
        "3, 13, 1, 207, 2, 2",
        "5, 40, 1, 33, 0, 5",
        "2, 64, 1, 64, 1, 1",
        "2, 100, 1, 25, 4, 4",
        "2, 9, 67, 30, 0, 9",
        "3, 20, 20, 11, 2, 2",
        "1, 3, 20000, 5, 1, 3"
    })
    void agreesWithDefinition(int outer, int inputs, int inner, int outputs, int least, int most) {
        LinearMap map = random(inputs, outputs, least, most);
        float[] x = Host.values(7, outer * inputs * inner);
        try (CpuBackend backend = new CpuBackend(1); Threads two = new Threads(2)) {
            NdArray from = Host.array(backend, x, outer, inputs, inner);
            NdArray to = Host.empty(backend, DType.F32, outer, outputs, inner);
            backend.linearMap(from, 1, map, to);
            float[] y = Host.floats(to);
            for (int i = 0; i < y.length; i++) {
                int output = i / inner % outputs;
                double sum = 0;
                double magnitude = 0;
                for (int t = map.starts()[output]; t < map.starts()[output + 1]; t++) {
                    double term = (double) map.weights()[t]
                            * x[(i / inner / outputs * inputs + map.columns()[t]) * inner + i % inner];
                    sum += term;
                    magnitude += Math.abs(term);
                }
                // One rounding for each of at most nine terms.
                assertEquals(sum, y[i], 9 * 0x1p-24 * magnitude, "element " + i);
            }
            LinearMaps.run(new ScalarResampleKernel(), two, from, 1, map, to);
            assertArrayEquals(y, Host.floats(to), "plain loops and two threads give the same bits");
        }
    }

    @Test
    void infinityStaysWhereItIs() {
        LinearMap shift = new LinearMap(32, 32, IntStream.range(0, 33).toArray(),
                IntStream.range(0, 32).map(i -> Math.min(i + 1, 31)).toArray(), ones(32));
        float[] x = Host.values(1, 32);
        x[5] = Float.POSITIVE_INFINITY;
        try (CpuBackend backend = new CpuBackend(1)) {
            NdArray y = Host.empty(backend, DType.F32, 1, 32);
            backend.linearMap(Host.array(backend, x, 1, 32), 1, shift, y);
            float[] expected = Arrays.copyOfRange(x, 1, 33);
            expected[31] = x[31];
            assertArrayEquals(expected, Host.floats(y));
        }
    }

    private static float[] ones(int n) {
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
