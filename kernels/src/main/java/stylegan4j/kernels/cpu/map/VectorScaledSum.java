package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.LANES;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.ORDER;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.S;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScaledSum} with the factors of some rows spread out first, since rows may be as short as kernels are. */
final class VectorScaledSum {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final ThreadLocal<float[]> FACTORS = ThreadLocal.withInitial(() -> new float[Blocks.SIZE]);

    private VectorScaledSum() {
    }

    static void rows(MemorySegment x, MemorySegment scale, MemorySegment z, MemorySegment y, int rows, int length) {
        if (length < 4 || length > Blocks.SIZE) {
            ScaledSum.plain(x, scale, z, y, rows, length);
            return;
        }
        float[] factors = FACTORS.get();
        int together = Blocks.SIZE / length;
        for (int row = 0; row < rows; row += together) {
            int count = Math.min(together, rows - row);
            for (int r = 0; r < count; r++) {
                spread(scale.getAtIndex(JAVA_FLOAT, row + r), factors, r * length, length);
            }
            add(x, factors, z, y, 4L * row * length, count * length);
        }
    }

    /** The last four overlap others. */
    private static void spread(float factor, float[] factors, int at, int length) {
        FloatVector four = FloatVector.broadcast(FOUR, factor);
        for (int i = 0; i < length - 4; i += 4) {
            four.intoArray(factors, at + i);
        }
        four.intoArray(factors, at + length - 4);
    }

    private static void add(MemorySegment x, float[] factors, MemorySegment z, MemorySegment y, long at, int n) {
        int bound = S.loopBound(n);
        for (int i = 0; i < bound; i += LANES) {
            long p = at + 4L * i;
            FloatVector.fromMemorySegment(S, x, p, ORDER).fma(FloatVector.fromArray(S, factors, i),
                    FloatVector.fromMemorySegment(S, z, p, ORDER)).intoMemorySegment(y, p, ORDER);
        }
        for (int i = bound; i < n; i++) {
            long p = at + 4L * i;
            y.set(JAVA_FLOAT, p, Math.fma(x.get(JAVA_FLOAT, p), factors[i], z.get(JAVA_FLOAT, p)));
        }
    }
}
