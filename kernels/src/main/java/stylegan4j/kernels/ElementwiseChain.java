package stylegan4j.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An elementwise function of several arrays: steps, each of inputs or of the results of earlier steps, the last of which
 * is the result. Operands are numbered: the inputs from 0, then the steps.
 */
public final class ElementwiseChain {
    /** More would not fit a device's parameters. */
    public static final int MOST_INPUTS = 16;

    private final int inputs;
    private final List<Step> steps;
    private final int[] registers;
    private final int registerCount;

    /** One elementary function. */
    public sealed interface Step {
        /** What it reads. */
        int[] operands();
    }

    /** {@link Backend#unary} of operand x. */
    public record Unary(UnaryOp op, int x, float p, float q) implements Step {
        @Override
        public int[] operands() {
            return new int[] {x};
        }
    }

    /** {@link Backend#binary} of operands a and b. */
    public record Binary(BinaryOp op, int a, int b) implements Step {
        @Override
        public int[] operands() {
            return new int[] {a, b};
        }
    }

    /** {@link Backend#where} of operands condition, a and b. */
    public record Where(int condition, int a, int b) implements Step {
        @Override
        public int[] operands() {
            return new int[] {condition, a, b};
        }
    }

    /** @throws IllegalArgumentException if there is no step, too many inputs, or an operand that is none yet */
    public ElementwiseChain(int inputs, List<Step> steps) {
        if (inputs < 1 || inputs > MOST_INPUTS) {
            throw new IllegalArgumentException("chain: expected 1 to " + MOST_INPUTS + " inputs, got " + inputs);
        }
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("chain: expected at least one step");
        }
        this.inputs = inputs;
        this.steps = List.copyOf(steps);
        int[] lastUse = new int[inputs + steps.size()];
        Arrays.fill(lastUse, -1);
        for (int s = 0; s < steps.size(); s++) {
            for (int operand : steps.get(s).operands()) {
                if (operand < 0 || operand >= inputs + s) {
                    throw new IllegalArgumentException("chain: step " + s + " reads operand " + operand
                            + ", expected one of the " + (inputs + s) + " before it");
                }
                lastUse[operand] = s;
            }
        }
        this.registers = new int[steps.size()];
        this.registerCount = assign(lastUse);
    }

    /** Gives each intermediate result a register that none still to be read lies in; its own operands' may be. */
    private int assign(int[] lastUse) {
        List<Integer> free = new ArrayList<>();
        int count = 0;
        for (int s = 0; s < registers.length - 1; s++) {
            for (int earlier = 0; earlier < s; earlier++) {
                if (lastUse[inputs + earlier] == s) {
                    free.add(registers[earlier]);
                }
            }
            registers[s] = free.isEmpty() ? count++ : free.removeLast();
        }
        return count;
    }

    public int inputs() {
        return inputs;
    }

    public List<Step> steps() {
        return steps;
    }

    /** How many intermediate results are to be kept at a time, at most. */
    public int registers() {
        return registerCount;
    }

    /** Where the result of a step that is not the last is kept. */
    public int register(int step) {
        return registers[step];
    }

    /** Whole arrays, one step after the other: what {@link Backend#chain} does in one pass. */
    public void runStepByStep(Backend backend, List<NdArray> arrays, NdArray y) {
        List<NdArray> scratch = new ArrayList<>();
        try {
            for (int i = 0; i < registerCount; i++) {
                scratch.add(NdArray.contiguous(backend.allocate(y.numel() * Float.BYTES), DType.F32, y.shape()));
            }
            List<NdArray> values = new ArrayList<>(arrays);
            for (int s = 0; s < steps.size(); s++) {
                NdArray result = s == steps.size() - 1 ? y : scratch.get(registers[s]);
                run(steps.get(s), backend, values, result);
                values.add(result);
            }
        } finally {
            scratch.forEach(array -> backend.release(array.buffer()));
        }
    }

    private static void run(Step step, Backend backend, List<NdArray> values, NdArray y) {
        switch (step) {
            case Unary(UnaryOp op, int x, float p, float q) -> backend.unary(op, values.get(x), p, q, y);
            case Binary(BinaryOp op, int a, int b) -> backend.binary(op, values.get(a), values.get(b), y);
            case Where(int c, int a, int b) -> backend.where(values.get(c), values.get(a), values.get(b), y);
        }
    }
}
