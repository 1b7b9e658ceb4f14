package stylegan4j.kernels.cpu.map;

import stylegan4j.kernels.Strided;

/** A position in a {@link Strided}: walks the row-major order run by run. */
final class Runs {
    private final Strided layout;
    private final long[] index;
    private final long[] offsets;

    Runs(Strided layout, long from) {
        this.layout = layout;
        this.index = new long[layout.rank()];
        this.offsets = new long[layout.strides.length];
        seek(from);
    }

    void seek(long linear) {
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = linear % layout.sizes[d];
            linear /= layout.sizes[d];
        }
        for (int o = 0; o < offsets.length; o++) {
            long offset = 0;
            for (int d = 0; d < index.length; d++) {
                offset += index[d] * layout.strides[o][d];
            }
            offsets[o] = offset;
        }
    }

    /** Element offset of an operand here. */
    long offset(int operand) {
        return offsets[operand];
    }

    /** Elements from here to the end of the run, at least 1, at most {@code most}. */
    int length(long most) {
        int inner = index.length - 1;
        return (int) Math.min(layout.sizes[inner] - index[inner], most);
    }

    /** Steps over {@code n} elements of this run; at its end, to the start of the next. */
    void advance(int n) {
        step(index.length - 1, n);
    }

    /** Whole runs from here on along the next outer dimension, at most {@code most}; 0 inside a run. */
    int rows(long most) {
        int outer = index.length - 2;
        return outer < 0 || index[outer + 1] > 0 ? 0 : (int) Math.min(layout.sizes[outer] - index[outer], most);
    }

    /** Steps over {@code rows} whole runs. */
    void advanceRows(int rows) {
        step(index.length - 2, rows);
    }

    private void step(int d, int n) {
        index[d] += n;
        shift(d, n);
        while (d > 0 && index[d] == layout.sizes[d]) {
            shift(d, -index[d]);
            index[d] = 0;
            d--;
            index[d]++;
            shift(d, 1);
        }
    }

    private void shift(int dimension, long steps) {
        for (int o = 0; o < offsets.length; o++) {
            offsets[o] += steps * layout.strides[o][dimension];
        }
    }
}
