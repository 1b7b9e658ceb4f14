package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.cpu.VectorWidth;

/** {@link Adam#plain} on whole vectors, and plain on the rest. */
final class VectorAdam {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private VectorAdam() {
    }

    static void step(AdamStep step, MemorySegment p, MemorySegment g, MemorySegment m, MemorySegment v, int from,
                     int to) {
        int end = from + S.loopBound(to - from);
        FloatVector gradientDecay = FloatVector.broadcast(S, step.gradientDecay());
        FloatVector meanShare = FloatVector.broadcast(S, step.meanShare());
        FloatVector rootScale = FloatVector.broadcast(S, step.rootScale());
        FloatVector epsilon = FloatVector.broadcast(S, step.epsilon());
        FloatVector minusStepSize = FloatVector.broadcast(S, -step.stepSize());
        for (int i = from; i < end; i += S.length()) {
            long at = 4L * i;
            FloatVector old = FloatVector.fromMemorySegment(S, p, at, ORDER);
            FloatVector gradient = gradientDecay.fma(old, FloatVector.fromMemorySegment(S, g, at, ORDER));
            FloatVector mean = meanShare.fma(gradient,
                    FloatVector.fromMemorySegment(S, m, at, ORDER).mul(step.meanKept()));
            FloatVector square = gradient.mul(step.squareShare()).fma(gradient,
                    FloatVector.fromMemorySegment(S, v, at, ORDER).mul(step.squareKept()));
            FloatVector root = rootScale.fma(square.lanewise(VectorOperators.SQRT), epsilon);
            mean.intoMemorySegment(m, at, ORDER);
            square.intoMemorySegment(v, at, ORDER);
            minusStepSize.fma(mean.div(root), old.mul(step.parameterKept())).intoMemorySegment(p, at, ORDER);
        }
        Adam.plain(step, p, g, m, v, end, to);
    }
}
