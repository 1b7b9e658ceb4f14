package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScaledSum} by fours, since rows may be as short as kernels are; the last four of a row overlap others. */
final class VectorScaledSum {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_128;

    private VectorScaledSum() {
    }

    static void rows(MemorySegment x, MemorySegment scale, MemorySegment z, MemorySegment y, int rows, int length) {
        if (length < 4) {
            ScaledSum.plain(x, scale, z, y, rows, length);
            return;
        }
        for (int row = 0; row < rows; row++) {
            FloatVector factor = FloatVector.broadcast(S, scale.getAtIndex(JAVA_FLOAT, row));
            long at = 4L * row * length;
            long last = at + 4L * (length - 4);
            for (long p = at; p < last; p += 16) {
                four(x, factor, z, y, p);
            }
            four(x, factor, z, y, last);
        }
    }

    private static void four(MemorySegment x, FloatVector factor, MemorySegment z, MemorySegment y, long at) {
        FloatVector.fromMemorySegment(S, x, at, ORDER).fma(factor, FloatVector.fromMemorySegment(S, z, at, ORDER))
                .intoMemorySegment(y, at, ORDER);
    }
}
