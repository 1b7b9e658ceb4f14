package stylegan4j.kernels.cpu.gemm;

/** A range cut into pieces of equal size, but for the last. */
public record Blocks(int total, int size) {
    /** Pieces of nearly equal size: multiples of {@code unit}, not above {@code most} rounded up to one. */
    public static Blocks even(int total, int most, int unit) {
        int pieces = Math.max(1, Math.ceilDiv(total, most));
        return new Blocks(total, Math.max(unit, roundUp(Math.ceilDiv(total, pieces), unit)));
    }

    public static int roundUp(int n, int unit) {
        return Math.ceilDiv(n, unit) * unit;
    }

    public int count() {
        return Math.ceilDiv(total, size);
    }

    public int start(int piece) {
        return piece * size;
    }

    public int length(int piece) {
        return Math.min(size, total - piece * size);
    }
}
