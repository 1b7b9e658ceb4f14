package stylegan4j.stylegan;

/**
 * The truncation trick: latent codes are moved towards their average w̄ (arXiv 1812.04948, appendix B).
 *
 * @param psi 1 leaves codes as they are, 0 makes them w̄, negative ones mirror them
 * @param cutoff only layers below this index are moved; {@link #ALL_LAYERS} for all
 */
public record Truncation(double psi, int cutoff) {
    /** No layer is left out. */
    public static final int ALL_LAYERS = Integer.MAX_VALUE;

    /** Codes stay as they are. */
    public static final Truncation NONE = new Truncation(1, ALL_LAYERS);

    public Truncation {
        if (!Double.isFinite(psi) || cutoff < 0) {
            throw new IllegalArgumentException("truncation: expected a finite psi and a cutoff of 0 or more, got psi="
                    + psi + ", cutoff=" + cutoff);
        }
    }

    /** Truncation of all layers. */
    public static Truncation psi(double psi) {
        return new Truncation(psi, ALL_LAYERS);
    }
}
