package stylegan4j.kernels.cuda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Fill, copy and elementwise functions against the CPU. */
class ElementwiseOnCudaTest {
    private static final int[][] SHAPES = {{}, {0}, {1}, {3}, {4}, {13}, {207}, {3, 0, 2}, {2, 3, 5}, {1, 4, 1, 8}, {5000}};
    /** Powers err by a few units in the last place on either side; all else is equal bit for bit. */
    private static final double POWER = 16 * 0x1p-24;

    private BothBackends both;

    @BeforeEach
    void open() {
        both = new BothBackends();
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unaryFunctionsAgree(UnaryOp op) {
        float p = switch (op) {
            case CLAMP, BETWEEN -> -0.5f;
            case POWER -> 2.5f;
            default -> 0.3f;
        };
        for (int[] shape : SHAPES) {
            Pair x = both.normal(shape);
            if (op == UnaryOp.LOG || op == UnaryOp.SQRT || op == UnaryOp.RSQRT || op == UnaryOp.POWER) {
                both.run((b, of) -> b.unary(UnaryOp.ABS, of.apply(x), 0, 0, of.apply(x)));
            }
            Pair y = both.empty(shape);
            both.run((b, of) -> b.unary(op, of.apply(x), p, 0.5f, of.apply(y)));
            both.assertClose(y, op == UnaryOp.POWER ? POWER : 0, 0, op + " " + x.cpu());
        }
    }

    @ParameterizedTest
    @EnumSource
    void specialValuesAgree(UnaryOp op) {
        Pair x = both.of(new float[] {0, -0f, 1, -1, 0.5f, 2.5f, -2.5f, 1e30f, -1e30f, 100, -110, Float.NaN,
            Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-40f}, 15);
        Pair y = both.empty(15);
        both.run((b, of) -> b.unary(op, of.apply(x), 2, 3, of.apply(y)));
        both.assertClose(y, op == UnaryOp.POWER ? POWER : 0, 0, op.name());
    }

    @ParameterizedTest
    @EnumSource
    void binaryFunctionsBroadcast(BinaryOp op) {
        for (int n : new int[] {1, 3, 4, 13, 64, 207}) {
            Pair a = both.normal(2, 5, n);
            Pair b = both.normal(5, 1);
            both.run((backend, of) -> backend.unary(UnaryOp.ABS, of.apply(a), 0, 0, of.apply(a)));
            Pair wide = b.view(0, new int[] {2, 5, n}, 0, 1, 0);
            Pair y = both.empty(2, 5, n);
            both.run((backend, of) -> backend.binary(op, of.apply(a), of.apply(wide), of.apply(y)));
            both.assertClose(y, op == BinaryOp.POWER ? POWER : 0, 0, op + " " + n);
            both.run((backend, of) -> backend.binary(op, of.apply(y), of.apply(a), of.apply(y)));
            // a power's error is magnified by the exponents, which are below 5
            both.assertClose(y, op == BinaryOp.POWER ? 6 * POWER : 0, 0, op + " in place " + n);
        }
    }

    @Test
    void whereChooses() {
        Pair condition = both.of(new float[] {0, 1, -0f, Float.NaN, -2, 0, 0}, 7);
        Pair a = both.normal(3, 7);
        Pair b = both.normal(7, 3);
        Pair y = both.empty(3, 7);
        both.run((backend, of) -> backend.where(of.apply(condition.view(0, new int[] {3, 7}, 0, 1)), of.apply(a),
                of.apply(b.view(0, new int[] {3, 7}, 1, 3)), of.apply(y)));
        both.assertSame(y, "where");
    }

    @ParameterizedTest
    @EnumSource
    void fillsAnyView(DType type) {
        for (int n : new int[] {1, 4, 6, 13}) {
            Pair y = both.empty(type, 5, n, 4);
            both.run((b, of) -> b.fill(of.apply(y), -3));
            both.assertSame(y, "dense " + n);
            both.run((b, of) -> b.fill(of.apply(y.view(1, new int[] {5, n}, 4L * n, 4)), 2.7f));
            both.assertSame(y, "strided " + n);
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesConvertAndRearrange(DType type) {
        for (int n : new int[] {1, 3, 8, 13}) {
            Pair x = both.normal(2, n, 4, 3);
            both.run((b, of) -> b.unary(UnaryOp.AFFINE, of.apply(x), 100, 0, of.apply(x)));
            Pair narrow = both.empty(type, 2, n, 4, 3);
            both.run((b, of) -> b.copy(of.apply(x), of.apply(narrow)));
            both.assertSame(narrow, "to " + type);
            Pair turned = both.empty(type, 4, 3, n, 2);
            both.run((b, of) -> b.copy(of.apply(narrow.view(0, new int[] {4, 3, n, 2}, 3, 1, 12, 12L * n)),
                    of.apply(turned)));
            both.assertSame(turned, "permuted " + type);
            Pair back = both.empty(2, n, 4, 3);
            both.run((b, of) -> b.copy(of.apply(narrow), of.apply(back)));
            both.assertSame(back, "from " + type);
            Pair repeated = both.empty(type, 3, n * 24);
            both.run((b, of) -> b.copy(of.apply(narrow.view(0, new int[] {3, n * 24}, 0, 1)), of.apply(repeated)));
            both.assertSame(repeated, "repeated " + type);
        }
    }
}
