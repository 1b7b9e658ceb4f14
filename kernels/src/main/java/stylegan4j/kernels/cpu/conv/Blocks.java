package stylegan4j.kernels.cpu.conv;

/** A range cut into pieces of equal size, but for the last. */
record Blocks(int total, int size) {
    /** Pieces of nearly equal size: multiples of {@code unit}, not above {@code most} rounded up to one. */
    static Blocks even(int total, int most, int unit) {
        int pieces = Math.max(1, Math.ceilDiv(total, most));
        return new Blocks(total, Math.max(unit, roundUp(Math.ceilDiv(total, pieces), unit)));
    }

    static int roundUp(int n, int unit) {
        return Math.ceilDiv(n, unit) * unit;
    }

    int count() {
        return Math.ceilDiv(total, size);
    }

    int start(int piece) {
        return piece * size;
    }

    int length(int piece) {
        return Math.min(size, total - piece * size);
    }
}
