package stylegan4j.kernels.cpu.map;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Vectors over places. Each loop makes the unit vectors itself, for the reason that {@code VectorTranspose} gives. */
final class VectorFeatureKernel implements FeatureKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();

    @Override
    public void addSquares(float[] x, int at, float[] sums, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromArray(S, x, at + i);
            v.fma(v, FloatVector.fromArray(S, sums, i)).intoArray(sums, i);
        }
    }

    @Override
    public void addDistances(Pair pair, int at, float factor, float[] sums, int n) {
        float[] a = pair.a();
        float[] b = pair.b();
        float[] inverseA = pair.inverseA();
        float[] inverseB = pair.inverseB();
        for (int i = 0; i < n; i += L) {
            FloatVector u = FloatVector.fromArray(S, a, at + i).mul(FloatVector.fromArray(S, inverseA, i));
            FloatVector v = FloatVector.fromArray(S, b, at + i).mul(FloatVector.fromArray(S, inverseB, i));
            FloatVector difference = u.sub(v).mul(factor);
            difference.fma(difference, FloatVector.fromArray(S, sums, i)).intoArray(sums, i);
        }
    }

    @Override
    public void addDots(Pair pair, int at, float factor, float[] dots, int n) {
        float[] a = pair.a();
        float[] b = pair.b();
        float[] inverseA = pair.inverseA();
        float[] inverseB = pair.inverseB();
        for (int i = 0; i < n; i += L) {
            FloatVector u = FloatVector.fromArray(S, a, at + i).mul(FloatVector.fromArray(S, inverseA, i));
            FloatVector v = FloatVector.fromArray(S, b, at + i).mul(FloatVector.fromArray(S, inverseB, i));
            u.sub(v).mul(factor).fma(u, FloatVector.fromArray(S, dots, i)).intoArray(dots, i);
        }
    }

    @Override
    public void gradients(Pair pair, int at, float factor, float[] dots, float[] out, int n) {
        float[] a = pair.a();
        float[] b = pair.b();
        float[] inverseA = pair.inverseA();
        float[] inverseB = pair.inverseB();
        for (int i = 0; i < n; i += L) {
            FloatVector ra = FloatVector.fromArray(S, inverseA, i);
            FloatVector u = FloatVector.fromArray(S, a, at + i).mul(ra);
            FloatVector v = FloatVector.fromArray(S, b, at + i).mul(FloatVector.fromArray(S, inverseB, i));
            u.sub(v).mul(factor).sub(u.mul(FloatVector.fromArray(S, dots, i))).mul(ra).intoArray(out, i);
        }
    }
}
