package stylegan4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import stylegan4j.tensor.op.Views;

class TensorTest {
    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu(2);
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    @Test
    void printsShapeAndValues() {
        assertEquals("F32[] 2.500", Tensor.scalar(2.5f).toString());
        assertEquals("F32[3] [0, 1, 2]", Tensor.range(3).toString());
        assertEquals("F32[2, 2]\n[[0, 1],\n [2, 3]]", Tensor.range(4).reshape(2, 2).toString());
        assertEquals("F32[9] [0, 1, 2, …, 6, 7, 8]", Tensor.range(9).toString());
        assertEquals("F32[0, 3] []", Tensor.zeros(0, 3).toString());
        assertEquals("I32[2] [7, -1]", Tensor.of(new int[] {7, -1}, 2).toString());
    }

    @Test
    void broadcasting() {
        Tensor row = Tensor.range(3);
        Tensor column = Tensor.range(2).reshape(2, 1);
        assertArrayEquals(new float[] {0, 1, 2, 10, 11, 12}, column.mul(10).add(row).toArray());
        refused("add: shapes [3] and [2] do not broadcast", () -> row.add(Tensor.range(2)));
    }

    @Test
    void viewsShareMemoryAndCopiesDoNot() {
        Tensor x = Tensor.range(24).reshape(2, 3, 4);
        long one = device.memory().buffers();
        Tensor t = x.transpose(0, 2);
        Tensor r = x.slice(1, 0, 2).reshape(2, 2, 2, 2);
        assertEquals(one, device.memory().buffers());
        assertArrayEquals(new float[] {0, 12, 4, 16, 8, 20}, t.slice(0, 0, 1).toArray());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19}, r.toArray());
        Tensor copied = t.reshape(24);
        assertEquals(one + 1, device.memory().buffers());
        assertEquals(12, copied.toArray()[1]);
    }

    @Test
    void reshapeOfEveryStrideAgreesWithACopy() {
        Tensor x = Tensor.range(2 * 3 * 4 * 5).reshape(2, 3, 4, 5);
        int[][] shapes = {{120}, {6, 20}, {2, 60}, {24, 5}, {2, 3, 2, 2, 5}, {1, 120, 1}, {4, 30}, {3, 5, 8}};
        List<Tensor> views = List.of(x, x.permute(3, 1, 0, 2), x.permute(1, 0, 2, 3), x.flip(1, 3),
                x.slice(3, 0, 5, 1).transpose(0, 1), x.permute(2, 3, 0, 1));
        for (Tensor view : views) {
            float[] elements = view.contiguous().toArray();
            for (int[] shape : shapes) {
                assertArrayEquals(elements, view.reshape(shape).toArray(), Shapes.format(shape));
            }
        }
        assertArrayEquals(new int[] {0, 7}, Tensor.zeros(7, 0).reshape(0, 7).shape());
        assertArrayEquals(new float[] {3}, Tensor.range(4).slice(0, 3, 4).reshape(1, 1).toArray());
    }

    @Test
    void slicesAndSelections() {
        Tensor x = Tensor.range(10);
        assertArrayEquals(new float[] {1, 4, 7}, x.slice(0, 1, 9, 3).toArray());
        assertEquals(9, x.select(0, -1).item());
        assertArrayEquals(new float[] {9, 8, 7}, x.flip(0).slice(0, 0, 3).toArray());
        assertEquals(0, x.slice(0, 4, 4).numel());
        refused("select: index 10 of dimension 0 of F32[10]", () -> x.select(0, 10));
        refused("slice: 3..11 step 1 of dimension 0 of F32[10]", () -> x.slice(0, 3, 11));
    }

    @Test
    void concatenation() {
        Tensor joined = Views.concat(List.of(Tensor.ones(2, 1), Tensor.zeros(2, 0), Tensor.range(4).reshape(2, 2)), -1);
        assertArrayEquals(new float[] {1, 0, 1, 1, 2, 3}, joined.toArray());
        refused("concat: along dimension 1 shapes differ elsewhere: [2, 1], [3, 1]",
                () -> Views.concat(List.of(Tensor.ones(2, 1), Tensor.ones(3, 1)), 1));
    }

    @Test
    void messagesNameOperationAndShapes() {
        refused("tensor: 3 values for shape [2, 2]", () -> Tensor.of(new float[3], 2, 2));
        refused("reshape: F32[4] to [3, -1]", () -> Tensor.range(4).reshape(3, -1));
        refused("matmul: expected [..., M, K] and [..., K, N], got [2, 3], [2, 3]",
                () -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3)));
        refused("expand: F32[2] to [3]", () -> Tensor.ones(2).expand(3));
        refused("item: expected one element, got F32[2]", () -> Tensor.ones(2).item());
        refused("squeeze: dimension 0 of F32[2] is not 1", () -> Tensor.ones(2).squeeze(0));
        refused("sum: dimension 3 of a tensor of rank 2", () -> Tensor.ones(2, 2).sum(3));
        refused("indexSelect: index 5 outside 0..1",
                () -> Tensor.ones(2, 2).indexSelect(0, Tensor.of(new int[] {5}, 1)));
        refused("multiply: expected a float tensor, got I32[1]",
                () -> Tensor.of(new int[] {5}, 1).mul(Tensor.ones(1)));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
