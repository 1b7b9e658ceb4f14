package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.cpu.Simd;

/** Inner loops of resampling, a row a call. Positions count float elements. Both implementations give the same bits. */
interface ResampleKernel {
    /** Elements that a vector may read, and ignore, behind the end of a padded row. */
    int SLACK = 32;

    /** The fastest that this JVM can run. */
    static ResampleKernel best() {
        return Simd.enabled() ? new VectorResampleKernel() : new ScalarResampleKernel();
    }

    /**
     * A weighted sum of rows: {@code y[to + i] = Σ_k weights[first + k]·x[rows[k] + i·step]}.
     *
     * @param terms number of rows; zero rows give zeros
     * @param n elements in a row
     */
    void combine(MemorySegment x, long[] rows, float[] weights, int first, int terms, long step, MemorySegment y,
                 long to, int n);

    /**
     * Filters one row whose input 0 is at {@code x[at]}, with {@link FirAxis#lead} zeros before and
     * {@link FirAxis#tail} zeros after it, and then {@link #SLACK} more readable elements.
     */
    void filter(MemorySegment x, long at, FirAxis axis, MemorySegment y, long to);

    /** Prepares a map for rows that lie densely. */
    RowMap prepare(LinearMap map);

    /** A linear map, ready to be applied to many rows from many threads. */
    interface RowMap {
        /** Maps the row at {@code x[at]} to the row at {@code y[to]}. */
        void apply(MemorySegment x, long at, MemorySegment y, long to);
    }
}
