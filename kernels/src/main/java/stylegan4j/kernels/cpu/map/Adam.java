package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.Simd;
import stylegan4j.kernels.cpu.Threads;

/** Adam's update in one pass over parameter, gradient and moments, all dense. */
public final class Adam {
    private static final Kernel KERNEL = Simd.enabled() ? VectorAdam::step : Adam::plain;

    private Adam() {
    }

    /** Updates {@code from} … {@code to} of dense floats: p, m and v in place. Equal bit for bit in both versions. */
    interface Kernel {
        void step(AdamStep step, MemorySegment p, MemorySegment g, MemorySegment m, MemorySegment v, int from, int to);
    }

    public static void step(Threads threads, NdArray parameter, NdArray gradient, NdArray mean, NdArray square,
                            AdamStep step) {
        Operand p = Operand.of(parameter);
        Operand g = Operand.of(gradient);
        Operand m = Operand.of(mean);
        Operand v = Operand.of(square);
        Blocks.parallel(threads, parameter.numel(), (from, to) -> {
            long n = to - from;
            KERNEL.step(step, p.slice(from, n), g.slice(from, n), m.slice(from, n), v.slice(from, n), 0, (int) n);
        });
    }

    static void plain(AdamStep step, MemorySegment p, MemorySegment g, MemorySegment m, MemorySegment v, int from,
                      int to) {
        for (int i = from; i < to; i++) {
            float old = p.getAtIndex(JAVA_FLOAT, i);
            float gradient = Math.fma(step.gradientDecay(), old, g.getAtIndex(JAVA_FLOAT, i));
            float mean = Math.fma(step.meanShare(), gradient, step.meanKept() * m.getAtIndex(JAVA_FLOAT, i));
            float square = Math.fma(step.squareShare() * gradient, gradient,
                    step.squareKept() * v.getAtIndex(JAVA_FLOAT, i));
            float root = Math.fma(step.rootScale(), (float) Math.sqrt(square), step.epsilon());
            m.setAtIndex(JAVA_FLOAT, i, mean);
            v.setAtIndex(JAVA_FLOAT, i, square);
            p.setAtIndex(JAVA_FLOAT, i, Math.fma(-step.stepSize(), mean / root, step.parameterKept() * old));
        }
    }
}
