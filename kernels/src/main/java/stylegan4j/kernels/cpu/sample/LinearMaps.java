package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * A sparse matrix along one axis. Seen as [outer, axis, inner], an output is a weighted sum of rows of {@code inner}
 * elements; along the last axis, where those rows are single elements, whole rows of outputs are gathered instead.
 */
public final class LinearMaps {
    private static final ResampleKernel BEST = ResampleKernel.best();
    /** Output elements of one task. */
    private static final int TASK = 1 << 15;
    /** Elements of a weighted sum that are made at once, so that the rows it reads stay in the cache. */
    private static final int CHUNK = 1 << 13;

    private LinearMaps() {
    }

    /** Dense x → dense y, which differ in the size of {@code axis}. */
    public static void run(Threads threads, NdArray x, int axis, LinearMap map, NdArray y) {
        run(BEST, threads, x, axis, map, y);
    }

    static void run(ResampleKernel kernel, Threads threads, NdArray x, int axis, LinearMap map, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        long inner = 1;
        for (int dim = axis + 1; dim < y.rank(); dim++) {
            inner *= y.size(dim);
        }
        if (inner == 1) {
            gatherRows(kernel, threads, x, map, y);
        } else {
            combineRows(kernel, threads, x, inner, map, y);
        }
    }

    private static void gatherRows(ResampleKernel kernel, Threads threads, NdArray x, LinearMap map, NdArray y) {
        MemorySegment from = CpuBuffer.segmentOf(x);
        MemorySegment to = CpuBuffer.segmentOf(y);
        long rows = y.numel() / map.outputs();
        int block = Math.max(1, TASK / map.outputs());
        ResampleKernel.RowMap rowMap = kernel.prepare(map);
        threads.run(Math.toIntExact(Math.ceilDiv(rows, block)), task -> {
            long end = Math.min(rows, (task + 1L) * block);
            for (long row = (long) task * block; row < end; row++) {
                rowMap.apply(from, x.offset() + row * map.inputs(), to, y.offset() + row * map.outputs());
            }
        });
    }

    private static void combineRows(ResampleKernel kernel, Threads threads, NdArray x, long inner, LinearMap map,
                                    NdArray y) {
        MemorySegment from = CpuBuffer.segmentOf(x);
        MemorySegment to = CpuBuffer.segmentOf(y);
        int chunk = (int) Math.min(inner, CHUNK);
        long chunks = Math.ceilDiv(inner, chunk);
        long pieces = y.numel() / inner * chunks;
        int block = Math.max(1, TASK / chunk);
        int mostTerms = mostTerms(map);
        threads.run(Math.toIntExact(Math.ceilDiv(pieces, block)), task -> {
            long[] rows = new long[mostTerms];
            long end = Math.min(pieces, (task + 1L) * block);
            for (long piece = (long) task * block; piece < end; piece++) {
                long start = piece % chunks * chunk;
                long row = piece / chunks;
                int output = (int) (row % map.outputs());
                int first = map.starts()[output];
                int terms = map.starts()[output + 1] - first;
                long plane = x.offset() + row / map.outputs() * map.inputs() * inner + start;
                for (int k = 0; k < terms; k++) {
                    rows[k] = plane + map.columns()[first + k] * inner;
                }
                kernel.combine(from, rows, map.weights(), first, terms, 1, to, y.offset() + row * inner + start,
                        (int) Math.min(chunk, inner - start));
            }
        });
    }

    private static int mostTerms(LinearMap map) {
        int most = 0;
        for (int i = 0; i < map.outputs(); i++) {
            most = Math.max(most, map.starts()[i + 1] - map.starts()[i]);
        }
        return most;
    }
}
