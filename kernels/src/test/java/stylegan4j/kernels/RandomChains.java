package stylegan4j.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Chains of random steps for tests. */
public final class RandomChains {
    private RandomChains() {
    }

    /**
     * Steps that each read one or more of the latest values, and so depend on one another.
     *
     * @param powers whether powers may be among them, which every backend rounds in its own way
     */
    public static ElementwiseChain next(SplittableRandom random, int inputs, int steps, boolean powers) {
        List<UnaryOp> unaries = new ArrayList<>(List.of(UnaryOp.values()));
        List<BinaryOp> binaries = new ArrayList<>(List.of(BinaryOp.values()));
        if (!powers) {
            unaries.remove(UnaryOp.POWER);
            binaries.remove(BinaryOp.POWER);
        }
        List<ElementwiseChain.Step> list = new ArrayList<>();
        for (int s = 0; s < steps; s++) {
            int recent = inputs + s - 1;
            int a = Math.max(0, recent - random.nextInt(2));
            int b = random.nextInt(inputs + s);
            int c = random.nextInt(inputs + s);
            UnaryOp unary = unaries.get(random.nextInt(unaries.size()));
            BinaryOp binary = binaries.get(random.nextInt(binaries.size()));
            float p = random.nextInt(5) == 0 ? 2 : (float) random.nextDouble(-1, 0);
            list.add(switch (random.nextInt(5)) {
                case 0, 1 -> new ElementwiseChain.Unary(unary, a, p, (float) random.nextDouble());
                case 2, 3 -> new ElementwiseChain.Binary(binary, a, b);
                default -> new ElementwiseChain.Where(c, a, b);
            });
        }
        return new ElementwiseChain(inputs, list);
    }
}
