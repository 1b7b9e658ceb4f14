package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Simd;

/** Vectors and plain loops give the same bits, for any floats whatever: random bit patterns. */
@Tag("widths")
class MapKernelTwinsTest {
    private static final int N = 2048;
    private static final MapKernel PLAIN = new ScalarMapKernel();

    private final Random random = new Random(3);
    private final MemorySegment a = values();
    private final MemorySegment b = values();
    private final MemorySegment c = values();
    private final MemorySegment expected = values();
    private final MemorySegment actual = values();

    /** A third of everyday size, a third of any bits (huge, subnormal, NaN, infinite), a third round numbers. */
    private MemorySegment values() {
        MemorySegment segment = Arena.ofAuto().allocate(4L * N, 64);
        for (int i = 0; i < N; i++) {
            segment.setAtIndex(JAVA_FLOAT, i, switch (i % 3) {
                case 0 -> (float) random.nextGaussian() * 5;
                case 1 -> Float.intBitsToFloat(random.nextInt());
                default -> random.nextInt(9) - 4;
            });
        }
        return segment;
    }

    @BeforeEach
    void vectorsArePresent() {
        assumeTrue(Simd.enabled());
    }

    @ParameterizedTest
    @EnumSource(UnaryOp.class)
    void unary(UnaryOp op) {
        PLAIN.unary(op, a, -0.5f, 2, expected, N);
        MapKernel.CHOSEN.unary(op, a, -0.5f, 2, actual, N);
        assertSame();
    }

    @ParameterizedTest
    @EnumSource(BinaryOp.class)
    void binary(BinaryOp op) {
        PLAIN.binary(op, a, b, expected, N);
        MapKernel.CHOSEN.binary(op, a, b, actual, N);
        assertSame();
    }

    @Test
    void where() {
        PLAIN.where(a, b, c, expected, N);
        MapKernel.CHOSEN.where(a, b, c, actual, N);
        assertSame();
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activation(Activation activation) {
        BiasAct spec = BiasAct.of(activation).withClamp(2.5f);
        PLAIN.activate(spec, a, b, expected, N);
        MapKernel.CHOSEN.activate(spec, a, b, actual, N);
        assertSame();
        for (int order = 1; order <= 2; order++) {
            PLAIN.derivative(order, spec, a, b, expected, N);
            MapKernel.CHOSEN.derivative(order, spec, a, b, actual, N);
            assertSame();
        }
        PLAIN.leakyGradient(0.2f, -1.5f, 2, a, b, expected, N);
        MapKernel.CHOSEN.leakyGradient(0.2f, -1.5f, 2, a, b, actual, N);
        assertSame();
        PLAIN.chain(spec, a, b, c, 1.5f, expected, N);
        MapKernel.CHOSEN.chain(spec, a, b, c, 1.5f, actual, N);
        assertSame();
    }

    /** Bit for bit, but for the payload of NaN. */
    private void assertSame() {
        int[] want = new int[N];
        int[] got = new int[N];
        for (int i = 0; i < N; i++) {
            want[i] = Float.floatToIntBits(expected.getAtIndex(JAVA_FLOAT, i));
            got[i] = Float.floatToIntBits(actual.getAtIndex(JAVA_FLOAT, i));
        }
        assertArrayEquals(want, got);
    }
}
