package stylegan4j.kernels.cuda;

import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Matrix products of random numbers on both backends. */
record ProductCase(BothBackends both, int batch, int m, int n, int k, Pair a, Pair b, Pair y) {
    static ProductCase of(BothBackends both, int batch, int m, int n, int k) {
        return new ProductCase(both, batch, m, n, k, both.normal(batch, m, k), both.normal(batch, k, n),
                both.empty(batch, m, n));
    }

    void dense() {
        agrees(a, b, "matmul");
    }

    void transposedAndRepeated() {
        Pair turned = both.normal(n, k).view(0, new int[] {batch, k, n}, 0, 1, k);
        agrees(a, turned, "matmul of a transposed, repeated matrix");
    }

    void everySecondRowAndColumn() {
        Pair part = both.normal(batch, 2 * m, 2 * k).view(1, new int[] {batch, m, k}, 4L * m * k, 4L * k, 2);
        agrees(part, b, "matmul of every second row and column");
    }

    private void agrees(Pair left, Pair right, String message) {
        both.run((backend, of) -> backend.matmul(of.apply(left), of.apply(right), of.apply(y)));
        both.assertSums(y, message);
    }
}
