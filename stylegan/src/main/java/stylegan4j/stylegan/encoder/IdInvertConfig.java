package stylegan4j.stylegan.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.Initializer;

/**
 * What an encoder of IDInvert's is made of. The official ones have as many codes as a generator of their input's size
 * takes.
 *
 * @param widths channels at each side, from the input's down to 4
 * @param channels of the input
 * @param styles number of codes
 * @param wDim length of each
 * @param scaled whether weights have equalised learning rate ({@code use_wscale}), which the released ones have not
 * @param normalized whether there is batch normalisation ({@code use_bn}), which the released ones have
 */
public record IdInvertConfig(List<Integer> widths, int channels, int styles, int wDim, boolean scaled,
                             boolean normalized) implements EncoderConfig {
    static final String OFFICIAL_NAME = "StyleGANEncoderNet";
    static final String SCALED = "use_wscale";
    static final int LAST_SIDE = 4;
    private static final int FIRST_WIDTH = 64;
    private static final int LARGEST_WIDTH = 1024;

    /** @throws IllegalArgumentException if a number is out of range */
    public IdInvertConfig {
        widths = List.copyOf(widths);
        if (widths.size() < 2 || widths.stream().anyMatch(n -> n < 1) || channels < 1 || styles < 1 || wDim < 1) {
            throw new IllegalArgumentException("idInvert: expected widths of at least two sides, and widths, channels, "
                    + "styles and w_dim from 1 on, got " + widths + ", " + channels + ", " + styles + ", " + wDim);
        }
    }

    /**
     * The published widths for pictures of this many rows and columns: 64, doubled at each halving up to 1024.
     *
     * @throws IllegalArgumentException unless {@code side} is a power of two from 8 on
     */
    public static List<Integer> officialWidths(int side) {
        if (side <= LAST_SIDE || Integer.bitCount(side) != 1) {
            throw new IllegalArgumentException("idInvert: side expected a power of two from " + 2 * LAST_SIDE
                    + " on, got " + side);
        }
        List<Integer> widths = new ArrayList<>();
        for (int s = side, width = FIRST_WIDTH; s >= LAST_SIDE; s /= 2, width = Math.min(2 * width, LARGEST_WIDTH)) {
            widths.add(width);
        }
        return widths;
    }

    @Override
    public int side() {
        return LAST_SIDE << widths.size() - 1;
    }

    @Override
    public Encoder encoder(Initializer init) {
        return new IdInvertEncoder(this, init);
    }

    @Override
    public String officialName() {
        return OFFICIAL_NAME;
    }

    @Override
    public Map<String, Object> options() {
        return Map.of(SCALED, scaled);
    }
}
