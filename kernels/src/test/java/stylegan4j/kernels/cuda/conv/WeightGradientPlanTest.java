package stylegan4j.kernels.cuda.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;

class WeightGradientPlanTest {
    /** Of a block on compute capability 7.5, and on all later ones. */
    private static final int[] SHARED = {64 << 10, 99 << 10};

    @ParameterizedTest
    @EnumSource(Precision.class)
    void everyLayerOfANetworkFitsEveryDevice(Precision precision) {
        for (int size = 4; size <= 1024; size *= 2) {
            int channels = Math.min(512, 32768 / size);
            for (int shared : SHARED) {
                for (int batch : new int[] {1, 8}) {
                    check(plan(precision, batch, channels, channels, size, 3, 1, 1, shared), size + " px", shared);
                    check(plan(precision, batch, channels, channels, 2 * size + 1, 3, 2, 0, shared), size + " px up",
                            shared);
                    check(plan(precision, batch, channels, 3, size, 1, 1, 0, shared), size + " px to RGB", shared);
                }
            }
        }
    }

    private static void check(WeightGradientPlan plan, String layer, int shared) {
        assertNotNull(plan, layer);
        assertTrue(plan.shared() <= shared, layer);
        int splits = plan.splits();
        assertTrue(splits <= Finish.GROUP || splits % Finish.GROUP == 0, layer + ": " + splits);
    }

    @ParameterizedTest
    @CsvSource({
        // batch, channels, size, warps, tiles, splits
        "1, 512, 4, 8, 4, 1", "1, 512, 64, 8, 4, 4", "1, 32, 1024, 4, 2, 512", "32, 512, 4, 8, 4, 2"})
    void sumsAreCutWhereBlocksAreFew(int batch, int channels, int size, int warps, int tiles, int splits) {
        WeightGradientPlan plan = plan(Precision.F16, batch, channels, channels, size, 3, 1, 1, SHARED[1]);
        assertEquals(new WeightGradientPlan.Shape(warps, tiles, 9), plan.shape());
        assertEquals(splits, plan.splits());
    }

    @Test
    void kernelsOfTooManyTapsAreForOthers() {
        assertNull(plan(Precision.F32, 1, 64, 64, 32, 11, 1, 5, SHARED[1]));
    }

    private static WeightGradientPlan plan(Precision precision, int n, int c, int o, int size, int k, int stride,
                                           int pad, int shared) {
        ConvGeometry g = ConvGeometry.of(stride, pad);
        int out = g.outHeight(size, k);
        return WeightGradientPlan.of(precision, NdArray.contiguous(null, DType.F32, n, c, size, size),
                NdArray.contiguous(null, DType.F32, n, o, out, out), TapPlan.forward(g, k, k), true, shared);
    }
}
