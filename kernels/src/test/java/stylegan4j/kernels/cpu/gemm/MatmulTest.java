package stylegan4j.kernels.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.conv.TestArrays;

@Tag("widths")
class MatmulTest {
    private final CpuBackend cpu = new CpuBackend(2);

    @AfterEach
    void close() {
        cpu.close();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1", "2, 13, 7, 5", "1, 207, 33, 130", "3, 1, 207, 65", "1, 66, 702, 1", "1, 65, 1031, 33",
        "3, 4, 75, 70", "0, 3, 3, 3", "2, 0, 4, 3", "2, 4, 3, 0", "2, 5, 0, 3",
    })
    void agreesWithDoubleLoopsForAllTransposes(int batch, int m, int k, int n) {
        for (int transposes = 0; transposes < 4; transposes++) {
            NdArray a = (transposes & 1) == 0 ? TestArrays.random(cpu, 1, batch, m, k)
                    : transposed(TestArrays.random(cpu, 1, batch, k, m));
            NdArray b = (transposes & 2) == 0 ? TestArrays.random(cpu, 2, batch, k, n)
                    : transposed(TestArrays.random(cpu, 2, batch, n, k));
            NdArray y = TestArrays.random(cpu, 3, batch, m, n);
            cpu.matmul(a, b, y);
            TestArrays.assertClose(reference(a, b), y, k + 1);
        }
    }

    @Test
    void broadcastsOverTheBatchAndStepsThroughMemory() {
        NdArray whole = TestArrays.random(cpu, 1, 9, 14, 31);
        NdArray a = new NdArray(whole.buffer(), whole.type(), 40, new int[] {3, 7, 10}, new long[] {434, 62, 3});
        NdArray b = TestArrays.random(cpu, 2, 1, 10, 21);
        b = new NdArray(b.buffer(), b.type(), 0, new int[] {3, 10, 21}, new long[] {0, 21, 1});
        NdArray y = TestArrays.random(cpu, 3, 3, 7, 21);
        cpu.matmul(a, b, y);
        TestArrays.assertClose(reference(a, b), y, 11);
    }

    @Test
    void sameBytesWhateverTheThreadCount() {
        NdArray a = TestArrays.random(cpu, 1, 1, 130, 300);
        NdArray b = TestArrays.random(cpu, 2, 1, 300, 210);
        float[][] results = new float[3][];
        for (int threads = 1; threads <= 3; threads++) {
            try (CpuBackend other = new CpuBackend(threads)) {
                NdArray y = TestArrays.random(other, 3, 1, 130, 210);
                other.matmul(a, b, y);
                results[threads - 1] = TestArrays.read(y);
            }
        }
        assertArrayEquals(results[0], results[1]);
        assertArrayEquals(results[0], results[2]);
    }

    private static NdArray transposed(NdArray x) {
        int[] s = x.shape();
        long[] t = x.strides();
        return new NdArray(x.buffer(), x.type(), x.offset(), new int[] {s[0], s[2], s[1]},
                new long[] {t[0], t[2], t[1]});
    }

    /** The product and, after it, the sum of magnitudes of each element. */
    private static double[][] reference(NdArray a, NdArray b) {
        int m = a.size(1);
        int k = a.size(2);
        int n = b.size(2);
        double[][] y = new double[2][a.size(0) * m * n];
        float[] x = TestArrays.read(a);
        float[] w = TestArrays.read(b);
        for (int at = 0; at < y[0].length; at++) {
            int j = at % n;
            int i = at / n % m;
            int batch = at / n / m;
            for (int p = 0; p < k; p++) {
                double product = (double) x[(batch * m + i) * k + p] * w[(batch * k + p) * n + j];
                y[0][at] += product;
                y[1][at] += Math.abs(product);
            }
        }
        return y;
    }
}
