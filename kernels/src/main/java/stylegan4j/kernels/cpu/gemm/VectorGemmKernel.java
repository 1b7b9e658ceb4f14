package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorLanes;
import stylegan4j.kernels.cpu.VectorWidth;

/**
 * Matrix tiles two vectors wide. Eight rows where the machine has 32 vector registers, four where it has 16: enough
 * independent sums to hide the latency of two multiply-adds per cycle.
 */
abstract sealed class VectorGemmKernel implements GemmKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(S, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(S, 1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    static GemmKernel create() {
        boolean manyRegisters = S.vectorBitSize() == 512 || System.getProperty("os.arch").equals("aarch64");
        return manyRegisters ? new EightRows() : new FourRows();
    }

    @Override
    public int nr() {
        return 2 * L;
    }

    @Override
    public void packRows(MemorySegment x, long from, long stepBytes, int k, int panels, int lanes, float[] dst,
                         int at) {
        for (int p = 0; p < k; p++) {
            if (lanes == 2 * L) {
                packRow(x, from + p * stepBytes, panels, k, dst, at + p * lanes);
            } else {
                packShortRow(x, from + p * stepBytes, panels, k, lanes, dst, at + p * lanes);
            }
        }
    }

    private static void packRow(MemorySegment x, long from, int panels, int k, float[] dst, int at) {
        for (int panel = 0; panel < panels; panel++) {
            long q = from + 8L * L * panel;
            int to = at + 2 * L * k * panel;
            FloatVector.fromMemorySegment(S, x, q, ORDER).intoArray(dst, to);
            FloatVector.fromMemorySegment(S, x, q + 4L * L, ORDER).intoArray(dst, to + L);
        }
    }

    /** Four to eight lanes a panel: the first four, and the last four, which overlap them. */
    private static void packShortRow(MemorySegment x, long from, int panels, int k, int lanes, float[] dst, int at) {
        int last = lanes - 4;
        for (int panel = 0; panel < panels; panel++) {
            long q = from + 4L * lanes * panel;
            int to = at + lanes * k * panel;
            FloatVector.fromMemorySegment(FOUR, x, q, ORDER).intoArray(dst, to);
            FloatVector.fromMemorySegment(FOUR, x, q + 4L * last, ORDER).intoArray(dst, to + last);
        }
    }

    @Override
    public void transposeFour(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at, int pitch,
                              int step) {
        VectorTranspose.run(x, from, rowBytes, k, dst, at, pitch, step);
    }

    @Override
    public void interleave(float[] src, int from, int pitch, int rows, int n, float[] dst, int at, int step) {
        int whole = n & -4;
        int r = 0;
        for (; r <= rows - 4; r += 4) {
            VectorTranspose.run(src, from + r * pitch, pitch, whole, dst, at + r, step);
        }
        for (; r < rows; r++) {
            for (int i = 0; i < whole; i++) {
                dst[at + i * step + r] = src[from + r * pitch + i];
            }
        }
        for (int i = whole; i < n; i++) {
            for (r = 0; r < rows; r++) {
                dst[at + i * step + r] = src[from + r * pitch + i];
            }
        }
    }

    @Override
    public void multiply(float[] a, int at, int n, float[] factors) {
        int period = factors.length;
        int i = 0;
        for (; i <= n - period; i += period) {
            for (int j = 0; j < period; j += L) {
                FloatVector.fromArray(S, a, at + i + j).mul(FloatVector.fromArray(S, factors, j))
                        .intoArray(a, at + i + j);
            }
        }
        for (; i < n; i++) {
            a[at + i] *= factors[i % period];
        }
    }

    @Override
    public void packHalf(float[] x, int from, int[] offsets, int k, float[] dst, int at) {
        for (int p = 0; p < k; p++) {
            FloatVector.fromArray(S, x, from + offsets[p]).intoArray(dst, at + p * 2 * L);
        }
    }

    @Override
    public float dot(MemorySegment x, long xFrom, MemorySegment y, long yFrom, int k) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = FloatVector.zero(S);
        int p = 0;
        for (; p <= k - 2 * L; p += 2 * L) {
            long q = 4L * p;
            long r = q + 4L * L;
            s0 = FloatVector.fromMemorySegment(S, x, xFrom + q, ORDER)
                    .fma(FloatVector.fromMemorySegment(S, y, yFrom + q, ORDER), s0);
            s1 = FloatVector.fromMemorySegment(S, x, xFrom + r, ORDER)
                    .fma(FloatVector.fromMemorySegment(S, y, yFrom + r, ORDER), s1);
        }
        float sum = VectorLanes.sum(s0.add(s1));
        for (; p < k; p++) {
            sum += x.get(JAVA_FLOAT, xFrom + 4L * p) * y.get(JAVA_FLOAT, yFrom + 4L * p);
        }
        return sum;
    }

    @Override
    public void addRows(MemorySegment x, long from, long rowBytes, int k, float[] factors, float[] sums, int n) {
        int p = 0;
        for (; p <= k - 4; p += 4) {
            addFourRows(x, from + p * rowBytes, rowBytes, factors, p, sums, n);
        }
        for (; p < k; p++) {
            addRow(x, from + p * rowBytes, factors[p], sums, n);
        }
    }

    private static void addFourRows(MemorySegment x, long from, long rowBytes, float[] factors, int p, float[] sums,
                                    int n) {
        FloatVector f0 = FloatVector.broadcast(S, factors[p]);
        FloatVector f1 = FloatVector.broadcast(S, factors[p + 1]);
        FloatVector f2 = FloatVector.broadcast(S, factors[p + 2]);
        FloatVector f3 = FloatVector.broadcast(S, factors[p + 3]);
        int j = 0;
        for (; j <= n - L; j += L) {
            long q = from + 4L * j;
            FloatVector sum = FloatVector.fromMemorySegment(S, x, q, ORDER).fma(f0, FloatVector.fromArray(S, sums, j));
            sum = FloatVector.fromMemorySegment(S, x, q + rowBytes, ORDER).fma(f1, sum);
            sum = FloatVector.fromMemorySegment(S, x, q + 2 * rowBytes, ORDER).fma(f2, sum);
            FloatVector.fromMemorySegment(S, x, q + 3 * rowBytes, ORDER).fma(f3, sum).intoArray(sums, j);
        }
        for (; j < n; j++) {
            long q = from + 4L * j;
            for (int r = 0; r < 4; r++) {
                sums[j] = Math.fma(x.get(JAVA_FLOAT, q + r * rowBytes), factors[p + r], sums[j]);
            }
        }
    }

    private static void addRow(MemorySegment x, long from, float factor, float[] sums, int n) {
        for (int j = 0; j < n; j++) {
            sums[j] = Math.fma(x.get(JAVA_FLOAT, from + 4L * j), factor, sums[j]);
        }
    }

    @Override
    public void scaledCopy(MemorySegment x, long from, float scale, float[] dst, int at, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector.fromMemorySegment(S, x, from + 4L * i, ORDER).mul(scale).intoArray(dst, at + i);
        }
        for (; i < n; i++) {
            dst[at + i] = x.get(JAVA_FLOAT, from + 4L * i) * scale;
        }
    }

    @Override
    public void scaledSplit(MemorySegment x, long from, float scale, float[] dst, int even, int odd, int n) {
        int i = 0;
        for (; i <= n - 2 * L; i += 2 * L) {
            FloatVector low = FloatVector.fromMemorySegment(S, x, from + 4L * i, ORDER);
            FloatVector high = FloatVector.fromMemorySegment(S, x, from + 4L * (i + L), ORDER);
            low.rearrange(EVEN, high).mul(scale).intoArray(dst, even + i / 2);
            low.rearrange(ODD, high).mul(scale).intoArray(dst, odd + i / 2);
        }
        for (; i < n; i++) {
            dst[(i % 2 == 0 ? even : odd) + i / 2] = x.get(JAVA_FLOAT, from + 4L * i) * scale;
        }
    }

    @Override
    public void scaledStore(float[] src, int at, float scale, MemorySegment y, long to, int n) {
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector.fromArray(S, src, at + i).mul(scale).intoMemorySegment(y, to + 4L * i, ORDER);
        }
        for (; i < n; i++) {
            y.set(JAVA_FLOAT, to + 4L * i, src[at + i] * scale);
        }
    }

    private static final class FourRows extends VectorGemmKernel {
        @Override
        public int mr() {
            return 4;
        }

        @Override
        public void tile(int k, float[] a, int ao, float[] b, int bo, int[] offsets, float[] c, int co, int ldc,
                         boolean accumulate) {
            VectorTile4x2.run(k, a, ao, b, bo, offsets, c, co, ldc, accumulate);
        }
    }

    private static final class EightRows extends VectorGemmKernel {
        @Override
        public int mr() {
            return 8;
        }

        @Override
        public void tile(int k, float[] a, int ao, float[] b, int bo, int[] offsets, float[] c, int co, int ldc,
                         boolean accumulate) {
            VectorTile8x2.run(k, a, ao, b, bo, offsets, c, co, ldc, accumulate);
        }
    }
}
