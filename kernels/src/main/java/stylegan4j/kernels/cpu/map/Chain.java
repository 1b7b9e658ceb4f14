package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
import java.util.List;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.ElementwiseChain.Binary;
import stylegan4j.kernels.ElementwiseChain.Step;
import stylegan4j.kernels.ElementwiseChain.Unary;
import stylegan4j.kernels.ElementwiseChain.Where;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Threads;

/**
 * Several elementwise functions in one pass: all steps for one block, then for the next, so that nothing but the inputs
 * and the result goes to memory. The loops are those of the single functions, and so is every rounding.
 */
public final class Chain {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;
    /** Blocks of a chain are smaller, as more of them are in use at a time. */
    private static final int BLOCK = Blocks.SIZE / 2;

    private Chain() {
    }

    public static void run(Threads threads, ElementwiseChain chain, List<NdArray> inputs, NdArray y) {
        Operand[] in = new Operand[inputs.size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = Operand.of(inputs.get(i));
        }
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> new Task(chain, in, out).run(from, to));
    }

    /** One thread's share of a call. */
    private static final class Task {
        private final List<Step> steps;
        private final Operand out;
        private final Operand.Reader[] readers;
        private final MemorySegment[] results;
        private final MemorySegment[] values;

        Task(ElementwiseChain chain, Operand[] in, Operand out) {
            this.steps = chain.steps();
            this.out = out;
            this.readers = new Operand.Reader[in.length];
            this.results = new MemorySegment[steps.size()];
            this.values = new MemorySegment[in.length + results.length];
            int slot = Blocks.TEMPORARY + 1;
            for (int i = 0; i < in.length; i++) {
                readers[i] = in[i].reader(slot++);
            }
            for (int s = 0; s < results.length - 1; s++) {
                results[s] = Blocks.scratch(slot + chain.register(s));
            }
        }

        void run(long from, long to) {
            for (long at = from; at < to; at += BLOCK) {
                int n = (int) Math.min(BLOCK, to - at);
                for (int i = 0; i < readers.length; i++) {
                    values[i] = readers[i].read(at, n);
                }
                results[results.length - 1] = out.slice(at, n);
                for (int s = 0; s < results.length; s++) {
                    step(steps.get(s), results[s], n);
                    values[readers.length + s] = results[s];
                }
            }
        }

        private void step(Step step, MemorySegment y, int n) {
            switch (step) {
                case Unary(UnaryOp op, int x, float p, float q) ->
                        KERNEL.unary(Elementwise.cheapest(op, p), values[x], p, q, y, n);
                case Binary(BinaryOp op, int a, int b) -> KERNEL.binary(op, values[a], values[b], y, n);
                case Where(int condition, int a, int b) -> KERNEL.where(values[condition], values[a], values[b], y, n);
            }
        }
    }
}
