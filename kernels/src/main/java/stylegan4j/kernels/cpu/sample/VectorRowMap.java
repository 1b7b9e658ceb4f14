package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static stylegan4j.kernels.cpu.VectorWidth.FLOATS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import stylegan4j.kernels.LinearMap;

/**
 * A sparse matrix in slices of as many outputs as a vector has lanes: term k of all lanes lies together, and each slice
 * has as many terms as its longest output needs. Missing terms have weight zero and read a zero behind the row.
 */
final class VectorRowMap implements ResampleKernel.RowMap {
    private static final int LANES = FLOATS.length();

    private final LinearMap map;
    /** Where each slice's terms begin; one more than there are slices. */
    private final int[] starts;
    private final int[] columns;
    private final float[] weights;

    VectorRowMap(LinearMap map) {
        this.map = map;
        int slices = map.outputs() / LANES;
        starts = new int[slices + 1];
        for (int s = 0; s < slices; s++) {
            int most = 0;
            for (int i = s * LANES; i < (s + 1) * LANES; i++) {
                most = Math.max(most, map.starts()[i + 1] - map.starts()[i]);
            }
            starts[s + 1] = starts[s] + most * LANES;
        }
        columns = new int[starts[slices]];
        weights = new float[starts[slices]];
        for (int s = 0; s < slices; s++) {
            for (int at = starts[s]; at < starts[s + 1]; at++) {
                int output = s * LANES + (at - starts[s]) % LANES;
                int term = map.starts()[output] + (at - starts[s]) / LANES;
                boolean present = term < map.starts()[output + 1];
                columns[at] = present ? map.columns()[term] : map.inputs();
                weights[at] = present ? map.weights()[term] : 0;
            }
        }
    }

    @Override
    public void apply(MemorySegment x, long at, MemorySegment y, long to) {
        float[] row = Scratch.array(map.inputs() + 1);
        MemorySegment.copy(x, JAVA_FLOAT, 4 * at, row, 0, map.inputs());
        row[map.inputs()] = 0;
        int done = slices(row, starts, columns, weights, y, to);
        ScalarResampleKernel.gather(row, map, y, to, done);
    }

    private static int slices(float[] row, int[] starts, int[] columns, float[] weights, MemorySegment y, long to) {
        int slices = starts.length - 1;
        for (int s = 0; s < slices; s++) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int t = starts[s]; t < starts[s + 1]; t += LANES) {
                sum = FloatVector.fromArray(FLOATS, row, 0, columns, t)
                        .fma(FloatVector.fromArray(FLOATS, weights, t), sum);
            }
            sum.intoMemorySegment(y, 4 * (to + s * LANES), ByteOrder.nativeOrder());
        }
        return slices * LANES;
    }
}
