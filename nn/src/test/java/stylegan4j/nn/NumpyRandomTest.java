package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Expected values are NumPy's own (2.4.6). */
class NumpyRandomTest {
    @Test
    void randnBySeed() {
        assertNormals(new double[] {1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458,
            1.8675579901499675}, new NumpyRandom(0).randn(5));
        assertNormals(new double[] {0.4967141530112327, -0.13826430117118466, 0.6476885381006925},
                new NumpyRandom(42).randn(3));
        assertNormals(new double[] {0.6484086742306527, 0.6693235306338161, -1.0805437227474493},
                new NumpyRandom(0xffffffffL).randn(3));
    }

    /** A double's last place is 2^-29 of a float's: 100,000 floats meet that difference with odds of about 1:20,000. */
    @Test
    void floatsAreNumpysOverALongStretch() {
        float[] values = new NumpyRandom(600).randnFloats(100_000);
        var bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        assertEquals(0x37bf29cdL, crc(bytes));
    }

    @Test
    void uniforms() {
        var random = new NumpyRandom(0);
        assertArrayEquals(new double[] {0.5488135039273248, 0.7151893663724195, 0.6027633760716439},
                new double[] {random.rand(), random.rand(), random.rand()});
    }

    @Test
    void arraySeeds() {
        var random = new NumpyRandom(new int[] {1, 2, -3});
        assertArrayEquals(new double[] {0.013948957441779597, 0.834274116547503},
                new double[] {random.rand(), random.rand()});
        var one = new NumpyRandom(new int[] {5});
        assertEquals(0.6229016948897019, one.rand());
        var many = new int[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i * i;
        }
        assertEquals(0.43195684183312477, new NumpyRandom(many).rand());
    }

    @Test
    void permutations() {
        assertArrayEquals(new int[] {2, 8, 4, 9, 1, 6, 7, 3, 0, 5}, new NumpyRandom(0).permutation(10));
        assertArrayEquals(new int[0], new NumpyRandom(0).permutation(0));
        assertArrayEquals(new int[] {0}, new NumpyRandom(0).permutation(1));
        var bytes = ByteBuffer.allocate(4 * 70_001);
        bytes.asIntBuffer().put(new NumpyRandom(123).permutation(70_001));
        assertEquals(0xbec2265eL, crc(bytes));
    }

    @Test
    void integersOfEveryWidth() {
        var random = new NumpyRandom(7);
        long[] actual = {random.randint(0, 10), random.randint(-5, 5), random.randint(3, 4),
            random.randint(0, 1L << 32), random.randint(0, (1L << 32) + 1), random.randint(0, 1L << 40),
            random.randint(Long.MIN_VALUE, Long.MAX_VALUE), random.randint(0, 1000), random.randint(0, 1L << 16)};
        assertArrayEquals(new long[] {4L, 4L, 3L, 1369975286L, 1322904761L, 611018672663L,
                20668929189138777L, 366L, 64042L}, actual);
    }

    /** The second of a pair of normals waits, whatever is drawn between. */
    @Test
    void mixedDraws() {
        var random = new NumpyRandom(3);
        double[] actual = {random.randn(), random.rand(), random.randn(), random.randn()};
        assertNormals(new double[] {1.7886284734303186, 0.2909047389129443, 0.43650985051198943, 0.9805538702908831},
                actual);
    }

    @Test
    void badArguments() {
        assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(-1));
        assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(1L << 32));
        assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(new int[0]));
        assertThrows(IllegalArgumentException.class, () -> new NumpyRandom(0).randint(3, 3));
    }

    /** Two last places: one of the logarithm, halved by the root, and the roundings that may tip with it. */
    private static void assertNormals(double[] expected, double[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 2 * Math.ulp(expected[i]));
        }
    }

    private static long crc(ByteBuffer bytes) {
        var crc = new CRC32();
        crc.update(bytes.array());
        return crc.getValue();
    }
}
