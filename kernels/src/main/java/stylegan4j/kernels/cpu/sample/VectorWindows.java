package stylegan4j.kernels.cpu.sample;

import static stylegan4j.kernels.cpu.VectorWidth.FLOATS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Maxima of windows that start at consecutive columns. */
final class VectorWindows {
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class).check(int.class);
    static final int LANES = FLOATS.length();
    private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

    private VectorWindows() {
    }

    /**
     * Largest values, and their places in the plane at {@code x[at]}, of windows that start at columns {@code left,
     * left + 1, …} and take {@code taps} columns of the rows {@code firstY, firstY + dilationY, …} below {@code endY}.
     *
     * @param windows at least as many as a vector has lanes
     */
    static void maxima(MemorySegment x, long at, long rowStride, int width, int firstY, int endY, int dilationY,
                       int left, int taps, int dilationX, int windows, float[] values, int[] places) {
        for (int o = 0; o < windows; o += LANES) {
            // The last vector overlaps the one before.
            int start = Math.min(o, windows - LANES);
            vector(x, at, rowStride, width, firstY, endY, dilationY, left + start, taps, dilationX, values, places,
                    start);
        }
    }

    private static void vector(MemorySegment x, long at, long rowStride, int width, int firstY, int endY,
                               int dilationY, int left, int taps, int dilationX, float[] values, int[] places,
                               int o) {
        FloatVector best = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        IntVector place = LANE.add(firstY * width + left);
        for (int i = firstY; i < endY; i += dilationY) {
            for (int t = 0, j = left; t < taps; t++, j += dilationX) {
                FloatVector v = FloatVector.fromMemorySegment(FLOATS, x, 4 * (at + i * rowStride + j),
                        ByteOrder.nativeOrder());
                VectorMask<Float> larger = v.compare(VectorOperators.GT, best).or(v.test(VectorOperators.IS_NAN));
                best = best.blend(v, larger);
                place = place.blend(LANE.add(i * width + j), larger.cast(INTS));
            }
        }
        best.intoArray(values, o);
        place.intoArray(places, o);
    }
}
