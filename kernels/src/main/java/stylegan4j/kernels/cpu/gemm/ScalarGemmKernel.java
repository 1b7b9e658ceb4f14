package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Plain loops: what the vector kernel must agree with, and what runs where there are no vectors. */
final class ScalarGemmKernel implements GemmKernel {
    private static final int MR = 4;
    private static final int NR = 8;

    @Override
    public int mr() {
        return MR;
    }

    @Override
    public int nr() {
        return NR;
    }

    @Override
    public void tile(int k, float[] a, int ao, float[] b, int bo, int[] offsets, float[] c, int co, int ldc,
                     boolean accumulate) {
        for (int i = 0; i < MR; i++) {
            for (int j = 0; j < NR; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[ao + p * MR + i] * b[bo + (offsets == null ? p * NR : offsets[p]) + j];
                }
                c[co + i * ldc + j] = accumulate ? c[co + i * ldc + j] + sum : sum;
            }
        }
    }

    @Override
    public void packRows(MemorySegment x, long from, long stepBytes, int k, int panels, int lanes, float[] dst,
                         int at) {
        for (int p = 0; p < k; p++) {
            for (int panel = 0; panel < panels; panel++) {
                scaledCopy(x, from + p * stepBytes + 4L * panel * lanes, 1, dst, at + (panel * k + p) * lanes, lanes);
            }
        }
    }

    @Override
    public void transposeFour(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at, int pitch,
                              int step) {
        for (int i = 0; i < 4; i++) {
            for (int p = 0; p < k; p++) {
                dst[at + (p >> 2) * step + (p & 3) * pitch + i] = x.get(JAVA_FLOAT, from + i * rowBytes + 4L * p);
            }
        }
    }

    @Override
    public void interleave(float[] src, int from, int pitch, int rows, int n, float[] dst, int at, int step) {
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < rows; r++) {
                dst[at + i * step + r] = src[from + r * pitch + i];
            }
        }
    }

    @Override
    public void multiply(float[] a, int at, int n, float[] factors) {
        for (int i = 0; i < n; i++) {
            a[at + i] *= factors[i % factors.length];
        }
    }

    @Override
    public void packHalf(float[] x, int from, int[] offsets, int k, float[] dst, int at) {
        for (int p = 0; p < k; p++) {
            System.arraycopy(x, from + offsets[p], dst, at + p * NR, NR / 2);
        }
    }

    @Override
    public float dot(MemorySegment x, long xFrom, MemorySegment y, long yFrom, int k) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
            sum += x.get(JAVA_FLOAT, xFrom + 4L * p) * y.get(JAVA_FLOAT, yFrom + 4L * p);
        }
        return sum;
    }

    @Override
    public void addRows(MemorySegment x, long from, long rowBytes, int k, float[] factors, float[] sums, int n) {
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < n; j++) {
                sums[j] += factors[p] * x.get(JAVA_FLOAT, from + p * rowBytes + 4L * j);
            }
        }
    }

    @Override
    public void scaledCopy(MemorySegment x, long from, float scale, float[] dst, int at, int n) {
        for (int i = 0; i < n; i++) {
            dst[at + i] = x.get(JAVA_FLOAT, from + 4L * i) * scale;
        }
    }

    @Override
    public void scaledSplit(MemorySegment x, long from, float scale, float[] dst, int even, int odd, int n) {
        for (int i = 0; i < n; i++) {
            dst[(i % 2 == 0 ? even : odd) + i / 2] = x.get(JAVA_FLOAT, from + 4L * i) * scale;
        }
    }

    @Override
    public void scaledStore(float[] src, int at, float scale, MemorySegment y, long to, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_FLOAT, to + 4L * i, src[at + i] * scale);
        }
    }
}
