package stylegan4j.kernels.cpu.gemm;

/** The innermost loops of matrix products whose operands are all packed; panels are those of {@link GemmKernel}. */
public interface PanelKernel {
    /** The fastest one; its panels of A may have other rows than {@link GemmKernel#BEST}'s, those of B are the same. */
    PanelKernel BEST = GemmKernel.BEST.mr() == 4 && GemmKernel.BEST instanceof VectorGemmKernel ? new VectorTile6x2()
            : GemmKernel.BEST;

    /** Rows of a tile. */
    int mr();

    /**
     * {@code c[i, j] (+)= Σ_p a[i, p]·b[p, j]} for one tile.
     *
     * @param k length of the sum, at least 1
     * @param a panel of A, from index {@code ao}
     * @param b panel of B, from index {@code bo}
     * @param c row i of the tile starts at {@code co + i·ldc}
     * @param accumulate whether to add to c; otherwise c is overwritten
     */
    void tile(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean accumulate);
}
