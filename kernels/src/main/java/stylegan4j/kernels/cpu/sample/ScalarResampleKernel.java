package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.LinearMap;

/** Plain loops. */
final class ScalarResampleKernel implements ResampleKernel {
    @Override
    public void combine(MemorySegment x, long[] rows, float[] weights, int first, int terms, long step,
                        MemorySegment y, long to, int n) {
        combine(x, rows, weights, first, terms, step, y, to, 0, n);
    }

    /** Elements {@code from … n−1} of the row. */
    static void combine(MemorySegment x, long[] rows, float[] weights, int first, int terms, long step,
                        MemorySegment y, long to, int from, int n) {
        for (int i = from; i < n; i++) {
            float sum = 0;
            for (int k = 0; k < terms; k++) {
                sum = Math.fma(weights[first + k], x.getAtIndex(JAVA_FLOAT, rows[k] + i * step), sum);
            }
            y.setAtIndex(JAVA_FLOAT, to + i, sum);
        }
    }

    @Override
    public void filter(MemorySegment x, long at, FirAxis axis, MemorySegment y, long to) {
        filter(x, at, axis, y, to, 0);
    }

    /** Outputs from {@code from} on; a multiple of the axis' period. */
    static void filter(MemorySegment x, long at, FirAxis axis, MemorySegment y, long to, int from) {
        int period = axis.period();
        for (int phase = 0; phase < period; phase++) {
            float[] taps = axis.taps(phase);
            long source = at + axis.source(from + phase);
            for (int o = from + phase; o < axis.outputs(); o += period) {
                float sum = 0;
                for (int t = 0; t < taps.length; t++) {
                    sum = Math.fma(taps[t], x.getAtIndex(JAVA_FLOAT, source + t), sum);
                }
                y.setAtIndex(JAVA_FLOAT, to + o, sum);
                source += axis.advance();
            }
        }
    }

    @Override
    public RowMap prepare(LinearMap map) {
        return (x, at, y, to) -> {
            float[] row = Scratch.array(map.inputs());
            MemorySegment.copy(x, JAVA_FLOAT, 4 * at, row, 0, map.inputs());
            gather(row, map, y, to, 0);
        };
    }

    /** Outputs from {@code from} on. */
    static void gather(float[] row, LinearMap map, MemorySegment y, long to, int from) {
        int[] starts = map.starts();
        int[] columns = map.columns();
        float[] weights = map.weights();
        for (int i = from; i < map.outputs(); i++) {
            float sum = 0;
            for (int t = starts[i]; t < starts[i + 1]; t++) {
                sum = Math.fma(weights[t], row[columns[t]], sum);
            }
            y.setAtIndex(JAVA_FLOAT, to + i, sum);
        }
    }
}
