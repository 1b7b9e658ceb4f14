package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Whole vectors, then plain loops for the rest of the row. */
final class VectorEpilogueKernel implements EpilogueKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    @Override
    public void addNoise(float[] line, int at, float scale, MemorySegment noise, long from, float strength, int n) {
        FloatVector factor = FloatVector.broadcast(S, strength);
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, line, at + i).mul(scale);
            FloatVector.fromMemorySegment(S, noise, from + 4L * i, ORDER).fma(factor, v).intoArray(line, at + i);
        }
        for (; i < n; i++) {
            line[at + i] = Math.fma(noise.get(JAVA_FLOAT, from + 4L * i), strength, line[at + i] * scale);
        }
    }

    @Override
    public void activate(float[] line, int at, float scale, float bias, float slope, float gain, float clamp,
                         MemorySegment y, long to, int n) {
        FloatVector factors = FloatVector.broadcast(S, scale);
        FloatVector biases = FloatVector.broadcast(S, bias);
        FloatVector most = FloatVector.broadcast(S, clamp);
        FloatVector least = FloatVector.broadcast(S, -clamp);
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector v = FloatVector.fromArray(S, line, at + i).fma(factors, biases);
            v = v.blend(v.mul(slope), v.compare(VectorOperators.LT, 0f)).mul(gain);
            v = v.blend(most, v.compare(VectorOperators.GT, most));
            v = v.blend(least, v.compare(VectorOperators.LT, least));
            v.intoMemorySegment(y, to + 4L * i, ORDER);
        }
        for (; i < n; i++) {
            y.set(JAVA_FLOAT, to + 4L * i,
                    ScalarEpilogueKernel.activate(line[at + i], scale, bias, slope, gain, clamp));
        }
    }
}
