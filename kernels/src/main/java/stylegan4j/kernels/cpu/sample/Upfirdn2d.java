package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Up-sampling by zero insertion, padding, FIR filter and down-sampling in one pass, which never touches an inserted
 * zero. A separable filter makes each output row in two steps: a weighted sum of input rows into a scratch row with
 * zeros around it, then the filter along that row. Of any other filter, each row runs along one input row, and
 * the results are summed.
 */
public final class Upfirdn2d {
    private static final ResampleKernel BEST = ResampleKernel.best();
    /** Output elements of one task. */
    private static final int TASK = 1 << 15;

    private final ResampleKernel kernel;
    private final NdArray x;
    private final NdArray y;
    private final MemorySegment from;
    private final MemorySegment to;
    private final FirAxis vertical;
    /** One axis for a separable filter, else one for each row of the filter. */
    private final FirAxis[] horizontal;
    /** Weights of a plain sum. */
    private final float[] ones;

    /** Told of each output row while it is still in cache, on the thread that made it. */
    public interface RowDone {
        /** @param plane index of the plane among N·C */
        void row(int plane, int row);
    }

    /** x [N, C, H, W] of any strides → dense y. */
    public static void run(Threads threads, NdArray x, Fir fir, Upfirdn geometry, NdArray y) {
        run(BEST, threads, x, fir, geometry, y);
    }

    /** As above; {@code done} may change the rows it is told of. */
    public static void run(Threads threads, NdArray x, Fir fir, Upfirdn geometry, NdArray y, RowDone done) {
        run(BEST, threads, x, fir, geometry, y, done);
    }

    static void run(ResampleKernel kernel, Threads threads, NdArray x, Fir fir, Upfirdn geometry, NdArray y) {
        run(kernel, threads, x, fir, geometry, y, (plane, row) -> { });
    }

    private static void run(ResampleKernel kernel, Threads threads, NdArray x, Fir fir, Upfirdn geometry, NdArray y,
                            RowDone done) {
        if (y.numel() == 0) {
            return;
        }
        Upfirdn2d op = new Upfirdn2d(kernel, x, fir, geometry, y);
        int height = y.size(2);
        int rows = Math.clamp(TASK / y.size(3), 1, height);
        int blocks = Math.ceilDiv(height, rows);
        threads.run(y.size(0) * y.size(1) * blocks, task -> {
            int row = task % blocks * rows;
            op.rows(task / blocks, row, Math.min(row + rows, height), done);
        });
    }

    private Upfirdn2d(ResampleKernel kernel, NdArray x, Fir fir, Upfirdn g, NdArray y) {
        this.kernel = kernel;
        this.x = x;
        this.y = y;
        this.from = CpuBuffer.segmentOf(x);
        this.to = CpuBuffer.segmentOf(y);
        Fir taps = g.correlate() ? fir : fir.flipped();
        float[][] factors = taps.factors();
        boolean separable = factors != null;
        float[] column = separable ? factors[0] : new float[taps.height()];
        vertical = new FirAxis(x.size(2), y.size(2), g.upY(), g.downY(), g.padY0(), column);
        ones = new float[taps.height()];
        Arrays.fill(ones, 1);
        horizontal = new FirAxis[separable ? 1 : taps.height()];
        for (int i = 0; i < horizontal.length; i++) {
            float[] row = separable ? factors[1]
                    : Arrays.copyOfRange(taps.taps(), i * taps.width(), (i + 1) * taps.width());
            horizontal[i] = new FirAxis(x.size(3), y.size(3), g.upX(), g.downX(), g.padX0(), row);
        }
    }

    /** Makes output rows {@code first … end−1} of one plane. */
    private void rows(int plane, int first, int end, RowDone done) {
        int lead = horizontal[0].lead();
        int inWidth = x.size(3);
        int padded = lead + inWidth + horizontal[0].tail();
        int mostTerms = Math.ceilDiv(vertical.length(), vertical.up());
        long sums = padded + ResampleKernel.SLACK;
        MemorySegment scratch = Scratch.floats(sums + (long) mostTerms * y.size(3));
        scratch.asSlice(0, 4L * lead).fill((byte) 0);
        scratch.asSlice(4L * (lead + inWidth), 4L * (padded - lead - inWidth)).fill((byte) 0);
        int channels = x.size(1);
        long at = x.offset() + plane / channels * x.strides()[0] + plane % channels * x.strides()[1];
        long target = y.offset() + ((long) plane * y.size(2) + first) * y.size(3);
        long[] sources = new long[mostTerms];
        for (int o = first; o < end; o++, target += y.size(3)) {
            int source = vertical.source(o);
            int skip = Math.max(0, -source);
            int terms = Math.max(0, Math.min(vertical.taps(o).length, vertical.inputs() - source) - skip);
            for (int k = 0; k < terms; k++) {
                sources[k] = at + (source + skip + k) * x.strides()[2];
            }
            if (horizontal.length == 1) {
                kernel.combine(from, sources, vertical.taps(o), skip, terms, x.strides()[3], scratch, lead, inWidth);
                kernel.filter(scratch, lead, horizontal[0], to, target);
            } else {
                int filterRow = vertical.phase(o) + skip * vertical.up();
                for (int k = 0; k < terms; k++, filterRow += vertical.up()) {
                    long[] row = {sources[k]};
                    sources[k] = sums + (long) k * y.size(3);
                    kernel.combine(from, row, ones, 0, 1, x.strides()[3], scratch, lead, inWidth);
                    kernel.filter(scratch, lead, horizontal[filterRow], scratch, sources[k]);
                }
                kernel.combine(scratch, sources, ones, 0, terms, 1, to, target, y.size(3));
            }
            done.row(plane, o);
        }
    }
}
