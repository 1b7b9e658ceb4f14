package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

class IndexingTest {
    private static final int[][] SHAPES = {{13}, {5, 7}, {1, 207}, {3, 4, 65}, {2, 3, 5, 7}, {3, 300, 70}};

    @ParameterizedTest
    @EnumSource(Layout.class)
    void selectAndAddAlongEveryAxis(Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (int axis = 0; axis < shape.length; axis++) {
                    int[] picks = picks(17, shape[axis]);
                    int[] picked = resized(shape, axis, 17);
                    int[] everywhere = new int[(int) NdArray.numel(picked)];
                    for (int i = 0; i < everywhere.length; i++) {
                        everywhere[i] = picks[coordinate(picked, axis, i)];
                    }
                    NdArray x = arrange.normal(layout, shape);
                    NdArray y = arrange.empty(picked);
                    arrange.backend.indexSelect(x, axis, arrange.indices(picks, 17), y);
                    assertArrayEquals(gathered(x, axis, picked, everywhere), Arrange.floats(y));

                    NdArray back = arrange.normal(Layout.DENSE, shape);
                    NdArray addends = arrange.normal(layout, picked);
                    arrange.backend.indexAdd(addends, axis, arrange.indices(picks, 17), back);
                    assertArrayEquals(scattered(addends, axis, shape, everywhere), Arrange.floats(back));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void gatherAndScatterAddAlongEveryAxis(Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (int axis = 0; axis < shape.length; axis++) {
                    int[] picked = resized(shape, axis, 9);
                    int[] picks = picks((int) NdArray.numel(picked), shape[axis]);
                    NdArray index = arrange.indices(picks, picked);
                    NdArray x = arrange.normal(layout, shape);
                    NdArray y = arrange.empty(picked);
                    arrange.backend.gather(x, axis, index, y);
                    assertArrayEquals(gathered(x, axis, picked, picks), Arrange.floats(y));

                    NdArray back = arrange.normal(Layout.DENSE, shape);
                    NdArray addends = arrange.normal(layout, picked);
                    arrange.backend.scatterAdd(addends, axis, index, back);
                    assertArrayEquals(scattered(addends, axis, shape, picks), Arrange.floats(back));
                }
            }
        }
    }

    private static int[] picks(int count, int size) {
        return new Random(5).ints(count, 0, size).toArray();
    }

    private static int[] resized(int[] shape, int axis, int size) {
        int[] resized = shape.clone();
        resized[axis] = size;
        return resized;
    }

    private static int coordinate(int[] shape, int axis, int linear) {
        long stride = NdArray.rowMajorStrides(shape)[axis];
        return (int) (linear / stride % shape[axis]);
    }

    /** Position in {@code target} of element {@code linear} of {@code shape}, with coordinate {@code at} on the axis. */
    private static int moved(int[] shape, int axis, int linear, int[] target, int at) {
        int stride = (int) NdArray.rowMajorStrides(shape)[axis];
        return linear / (stride * shape[axis]) * stride * target[axis] + at * stride + linear % stride;
    }

    private static float[] gathered(NdArray x, int axis, int[] shape, int[] picks) {
        float[] in = Arrange.floats(x);
        float[] y = new float[picks.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = in[moved(shape, axis, i, x.shape(), picks[i])];
        }
        return y;
    }

    private static float[] scattered(NdArray x, int axis, int[] target, int[] picks) {
        float[] in = Arrange.floats(x);
        float[] y = new float[(int) NdArray.numel(target)];
        for (int i = 0; i < in.length; i++) {
            y[moved(x.shape(), axis, i, target, picks[i])] += in[i];
        }
        return y;
    }

    @Test
    void anIndexOutsideIsRefused() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray x = arrange.empty(2, 3);
            NdArray y = arrange.empty(2, 1);
            for (int bad : new int[] {3, -1}) {
                var error = assertThrows(IllegalArgumentException.class,
                        () -> arrange.backend.indexSelect(x, 1, arrange.indices(new int[] {bad}, 1), y));
                assertEquals("indexSelect: index " + bad + " is outside 0…2", error.getMessage());
            }
        }
    }

    @Test
    void pickingNothingGivesNothing() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray none = arrange.indices(new int[0], 0);
            arrange.backend.indexSelect(arrange.empty(2, 3), 1, none, arrange.empty(2, 0));
            NdArray y = arrange.normal(Layout.DENSE, 2, 3);
            arrange.backend.indexAdd(arrange.empty(2, 0), 1, none, y);
            assertArrayEquals(new float[6], Arrange.floats(y));
        }
    }
}
