package stylegan4j.kernels.cpu.winograd;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;

/**
 * Decides where Winograd's algorithm replaces the direct one; the system property {@code stylegan4j.winograd}
 * ({@code auto} or {@code off}) overrules it at first, {@link #use} at any time.
 */
public final class WinogradChoice {
    /** With fewer, transforming the weights costs what the products save (measured with 512 channels). */
    private static final int LEAST_TILES = 16;
    /** With fewer channels the transforms cost more than the products they save. */
    private static final int LEAST_CHANNELS = 16;

    private static final int LEAST_STRIDED_CHANNELS = 32;
    /** Of the 16 pixels of a tile that many are to be wanted on average: by stride 2, products save less. */
    private static final int FILLED = 12;

    private static volatile boolean on = switch (System.getProperty("stylegan4j.winograd", "auto")) {
        case "auto" -> true;
        case "off" -> false;
        default -> throw new IllegalArgumentException("stylegan4j.winograd: expected auto or off, got "
                + System.getProperty("stylegan4j.winograd"));
    };

    private WinogradChoice() {
    }

    /** Whether later convolutions may take Winograd's algorithm, which is faster and rounds about twice as much. */
    public static void use(boolean wanted) {
        on = wanted;
    }

    /** @param picture what is convolved with the weight [O, C, kh, kw], or with its adjoint */
    public static boolean pays(NdArray picture, NdArray weight, ConvGeometry g) {
        return isThree(weight, g, 1) && isLarge(picture, weight, LEAST_TILES);
    }

    /** For a convolution by stride 2 to y [samples, O, height, width]. */
    public static boolean paysStrided(int samples, int height, int width, NdArray weight, ConvGeometry g) {
        long pixels = (long) samples * height * width;
        return isThree(weight, g, 2) && hasChannels(weight, LEAST_STRIDED_CHANNELS) && pixels > 0
                && pixels >= FILLED * Winograd.grid(WinogradKernel.STRIDED, samples, height, width).allLanes();
    }

    /** For the full transposed 3×3 convolution by stride 2, of a picture [N, C, H, W] to y [N, O, 2H + 1, 2W + 1]. */
    public static boolean paysTransposed(NdArray picture, NdArray weight, ConvGeometry g, NdArray y) {
        return weight.size(2) == 3 && weight.size(3) == 3 && g.equals(ConvGeometry.of(2, 0))
                && y.size(2) == 2 * picture.size(2) + 1 && y.size(3) == 2 * picture.size(3) + 1
                && isLarge(picture, weight, LEAST_TILES);
    }

    /** For the gradient in the weight, whose sum runs over the tiles. */
    public static boolean paysWeightGradient(NdArray dy, NdArray weight, ConvGeometry g) {
        return isThree(weight, g, 1) && isLarge(dy, weight, 2 * LEAST_TILES);
    }

    /** The same by stride 2. */
    public static boolean paysStridedGradient(NdArray dy, NdArray weight, ConvGeometry g) {
        return isThree(weight, g, 2) && isLarge(dy, weight, 2 * LEAST_TILES);
    }

    /** Whether a kernel of 3×3 advances by {@code stride} over the picture with a border that it overlaps. */
    private static boolean isThree(NdArray weight, ConvGeometry g, int stride) {
        return weight.size(2) == 3 && weight.size(3) == 3 && g.equals(ConvGeometry.of(stride, g.padY()))
                && g.padY() <= 2;
    }

    private static boolean isLarge(NdArray picture, NdArray weight, int leastTiles) {
        return hasChannels(weight, LEAST_CHANNELS) && tiles(picture) >= leastTiles;
    }

    private static boolean hasChannels(NdArray weight, int least) {
        return on && Math.min(weight.size(0), weight.size(1)) >= least;
    }

    private static long tiles(NdArray picture) {
        int tile = WinogradKernel.TILE;
        return (long) picture.size(0) * Math.ceilDiv(picture.size(2), tile) * Math.ceilDiv(picture.size(3), tile);
    }
}
