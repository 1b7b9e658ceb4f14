package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.ElementwiseChain.Binary;
import stylegan4j.kernels.ElementwiseChain.Unary;
import stylegan4j.kernels.ElementwiseChain.Where;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.RandomChains;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

/** Chains give, bit for bit, what their steps give one after the other. */
@Tag("widths")
class ChainTest {
    private static final int[][] SHAPES = {{}, {1}, {0}, {13}, {207, 5}, {2, 3, 1, 7}, {3, 17, 2, 43}, {33000}};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void randomStepsOnEveryLayout(int inputs) {
        SplittableRandom random = new SplittableRandom(inputs);
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (int trial = 0; trial < 20; trial++) {
                    ElementwiseChain chain = RandomChains.next(random, inputs, 1 + random.nextInt(12), true);
                    List<NdArray> arrays = new ArrayList<>();
                    for (int i = 0; i < inputs; i++) {
                        arrays.add(arrange.normal(Layout.values()[random.nextInt(Layout.values().length)], shape));
                    }
                    NdArray expected = arrange.empty(shape);
                    NdArray actual = arrange.empty(shape);
                    chain.runStepByStep(arrange.backend, arrays, expected);
                    arrange.backend.chain(chain, arrays, actual);
                    assertArrayEquals(Arrange.floats(expected), Arrange.floats(actual), () -> chain.steps().toString());
                }
            }
        }
    }

    @Test
    void theResultMayBeAnInput() {
        ElementwiseChain chain = new ElementwiseChain(2, List.of(new Unary(UnaryOp.SQUARE, 1, 0, 0),
                new Binary(BinaryOp.ADD, 0, 2), new Binary(BinaryOp.DIVIDE, 3, 0)));
        try (Arrange arrange = new Arrange(2)) {
            NdArray x = arrange.normal(Layout.DENSE, 5000);
            NdArray z = arrange.normal(Layout.DENSE, 5000);
            NdArray expected = arrange.empty(5000);
            arrange.backend.chain(chain, List.of(x, z), expected);
            arrange.backend.chain(chain, List.of(x, z), x);
            assertArrayEquals(Arrange.floats(expected), Arrange.floats(x));
        }
    }

    @Test
    void aStepThatFailsLeavesNoMemoryBehind() {
        ElementwiseChain chain = new ElementwiseChain(2, List.of(new Unary(UnaryOp.EXP, 0, 0, 0),
                new Binary(BinaryOp.ADD, 2, 1)));
        try (Arrange arrange = new Arrange(2)) {
            List<NdArray> arrays = new ArrayList<>(List.of(arrange.normal(Layout.DENSE, 50)));
            arrays.add(null);
            NdArray y = arrange.empty(50);
            long live = arrange.backend.memory().live();
            assertThrows(RuntimeException.class, () -> chain.runStepByStep(arrange.backend, arrays, y));
            assertEquals(live, arrange.backend.memory().live());
        }
    }

    @Test
    void registersAreUsedAgain() {
        ElementwiseChain row = new ElementwiseChain(1, List.of(new Unary(UnaryOp.EXP, 0, 0, 0),
                new Unary(UnaryOp.ABS, 1, 0, 0), new Unary(UnaryOp.SQRT, 2, 0, 0), new Unary(UnaryOp.LOG, 3, 0, 0)));
        assertEquals(1, row.registers());
        ElementwiseChain both = new ElementwiseChain(1, List.of(new Unary(UnaryOp.EXP, 0, 0, 0),
                new Unary(UnaryOp.SIN, 0, 0, 0), new Where(0, 1, 2)));
        assertEquals(2, both.registers());
    }

    @Test
    void refusesWhatIsNoChain() {
        assertThrows(IllegalArgumentException.class, () -> new ElementwiseChain(1, List.of()));
        assertThrows(IllegalArgumentException.class,
                () -> new ElementwiseChain(1, List.of(new Unary(UnaryOp.EXP, 1, 0, 0))));
        assertThrows(IllegalArgumentException.class,
                () -> new ElementwiseChain(17, List.of(new Unary(UnaryOp.EXP, 0, 0, 0))));
    }
}
