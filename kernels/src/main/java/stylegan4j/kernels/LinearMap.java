package stylegan4j.kernels;

/**
 * A sparse matrix applied along one axis: {@code y[i] = Σ_t weights[t]·x[columns[t]]} for t in
 * {@code starts[i] … starts[i+1]−1}. Interpolation, area and adaptive pooling, antialiased resizing and padding modes
 * are all such maps, and their gradient is the transposed map.
 *
 * @param inputs length of the axis before
 * @param outputs length of the axis after; {@code starts} has one more element
 */
public record LinearMap(int inputs, int outputs, int[] starts, int[] columns, float[] weights) {
    /** The adjoint: as many inputs as this has outputs. Terms are ordered by this map's output. */
    public LinearMap transposed() {
        int[] newStarts = new int[inputs + 1];
        for (int c : columns) {
            newStarts[c + 1]++;
        }
        for (int i = 0; i < inputs; i++) {
            newStarts[i + 1] += newStarts[i];
        }
        int[] next = newStarts.clone();
        int[] newColumns = new int[columns.length];
        float[] newWeights = new float[columns.length];
        for (int row = 0; row < outputs; row++) {
            for (int t = starts[row]; t < starts[row + 1]; t++) {
                int slot = next[columns[t]]++;
                newColumns[slot] = row;
                newWeights[slot] = weights[t];
            }
        }
        return new LinearMap(outputs, inputs, newStarts, newColumns, newWeights);
    }
}
