package stylegan4j.kernels.cpu.map;

/** Plain loops. */
final class ScalarFeatureKernel implements FeatureKernel {
    @Override
    public void addSquares(float[] x, int at, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] = Math.fma(x[at + i], x[at + i], sums[i]);
        }
    }

    @Override
    public void addDistances(Pair pair, int at, float factor, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            float u = pair.a()[at + i] * pair.inverseA()[i];
            float v = pair.b()[at + i] * pair.inverseB()[i];
            float difference = (u - v) * factor;
            sums[i] = Math.fma(difference, difference, sums[i]);
        }
    }

    @Override
    public void addDots(Pair pair, int at, float factor, float[] dots, int n) {
        for (int i = 0; i < n; i++) {
            float u = pair.a()[at + i] * pair.inverseA()[i];
            float v = pair.b()[at + i] * pair.inverseB()[i];
            dots[i] = Math.fma((u - v) * factor, u, dots[i]);
        }
    }

    @Override
    public void gradients(Pair pair, int at, float factor, float[] dots, float[] out, int n) {
        for (int i = 0; i < n; i++) {
            float u = pair.a()[at + i] * pair.inverseA()[i];
            float v = pair.b()[at + i] * pair.inverseB()[i];
            out[i] = ((u - v) * factor - u * dots[i]) * pair.inverseA()[i];
        }
    }
}
