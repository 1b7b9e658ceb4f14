package stylegan4j.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.RandomChains;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Chains of elementwise functions against the CPU, bit for bit. */
class ChainOnCudaTest {
    private static final int[][] SHAPES = {{}, {0}, {1}, {13}, {207}, {2, 3, 5}, {1, 4, 1, 8}, {5000}};

    @Test
    void randomStepsAgree() {
        SplittableRandom random = new SplittableRandom(5);
        try (BothBackends both = new BothBackends()) {
            for (int inputs = 1; inputs <= 3; inputs++) {
                ElementwiseChain chain = RandomChains.next(random, inputs, 8, false);
                for (int[] shape : SHAPES) {
                    List<Pair> x = new ArrayList<>();
                    for (int i = 0; i < inputs; i++) {
                        x.add(both.normal(shape));
                    }
                    check(both, chain, x, both.empty(shape));
                }
                Pair wide = both.normal(3, 5);
                List<Pair> x = new ArrayList<>(List.of(wide.view(0, new int[] {4, 5, 3}, 0, 1, 5),
                        wide.view(2, new int[] {4, 5, 3}, 3, 0, 0), both.normal(4, 5, 3)));
                check(both, chain, x.subList(0, inputs), both.empty(4, 5, 3));
            }
        }
    }

    /** Nothing but functions of two arrays, which have no numbers of their own. */
    @Test
    void stepsWithoutScalarsAgree() {
        var chain = new ElementwiseChain(2, List.of(new ElementwiseChain.Binary(BinaryOp.MULTIPLY, 0, 1),
                new ElementwiseChain.Binary(BinaryOp.SUBTRACT, 2, 0)));
        try (BothBackends both = new BothBackends()) {
            check(both, chain, List.of(both.normal(13), both.normal(13)), both.empty(13));
        }
    }

    private static void check(BothBackends both, ElementwiseChain chain, List<Pair> x, Pair y) {
        both.run((backend, of) -> backend.chain(chain, x.stream().map(of).toList(), of.apply(y)));
        both.assertClose(y, 0, 0, chain.steps() + " of " + x.getFirst().cpu());
    }
}
