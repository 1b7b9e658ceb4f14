package stylegan4j.stylegan.encoder;

import java.util.Map;
import java.util.stream.Collectors;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.feature.Body;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;

/**
 * What an encoder of the pSp family is made of. Smaller domains take smaller bodies and pictures.
 *
 * @param body the residual network
 * @param head how codes are made of its features
 * @param channels of the input: 3 for pictures, 6 for a picture beside its reconstruction, more for label maps
 * @param side of the input, a power of two from 32 on; with square maps official encoders have 256
 * @param styles number of codes
 * @param wDim length of each
 * @param styleWidth channels of the convolutions that bring a map to one style; official encoders have {@code wDim}
 */
public record StyleEncoderConfig(Body body, Head head, int channels, int side, int styles, int wDim, int styleWidth)
        implements EncoderConfig {
    /** Side of official encoders' input. */
    public static final int OFFICIAL_SIDE = 256;
    private static final int W_DIM = 512;
    private static final int SMALLEST_SIDE = 32;

    /** How codes are made of features. */
    public enum Head {
        /** pSp: three levels of a feature pyramid, one block a style. */
        PYRAMID(true, false),
        /** e4e: the same, as offsets from the first style. */
        PROGRESSIVE_PYRAMID(true, true),
        /** ReStyle over pSp: all styles from the last level. */
        LAST_LEVEL(false, false),
        /** ReStyle over e4e: the same, as offsets from the first style. */
        PROGRESSIVE_LAST_LEVEL(false, true),
        /** pSp's ablation: one code from the last level's mean, for all styles. */
        INTO_W(false, false),
        /** pSp's ablation: all styles by one linear layer from the last level. */
        INTO_W_PLUS(false, false);

        private final boolean pyramid;
        private final boolean progressive;

        Head(boolean pyramid, boolean progressive) {
            this.pyramid = pyramid;
            this.progressive = progressive;
        }

        /** Whether finer styles look at finer levels. */
        public boolean isPyramid() {
            return pyramid;
        }

        /** Whether styles are offsets from the first one, opened one by one in training. */
        public boolean isProgressive() {
            return progressive;
        }

        /** Whether there is one block for each style. */
        public boolean hasBlocks() {
            return this != INTO_W && this != INTO_W_PLUS;
        }
    }

    /** @throws IllegalArgumentException if a number is out of range */
    public StyleEncoderConfig {
        if (channels < 1 || styles < 1 || wDim < 1 || styleWidth < 1) {
            throw new IllegalArgumentException("encoder: channels, styles, w_dim and width of a style's block expected "
                    + "from 1 on, got " + channels + ", " + styles + ", " + wDim + ", " + styleWidth);
        }
        if (side < SMALLEST_SIDE || Integer.bitCount(side) != 1) {
            throw new IllegalArgumentException("encoder: side expected a power of two from " + SMALLEST_SIDE
                    + " on, got " + side);
        }
    }

    /** With blocks as wide as the codes are long. */
    public StyleEncoderConfig(Body body, Head head, int channels, int side, int styles, int wDim) {
        this(body, head, channels, side, styles, wDim, wDim);
    }

    /** An official encoder on IR-SE-50. */
    public static StyleEncoderConfig irSe50(Head head, int channels, int styles) {
        return new StyleEncoderConfig(IrBody.IR_SE_50, head, channels, OFFICIAL_SIDE, styles, W_DIM);
    }

    /** An official encoder on ResNet-34. */
    public static StyleEncoderConfig resNet34(Head head, int channels, int styles) {
        return new StyleEncoderConfig(ResNetBody.RESNET_34, head, channels, OFFICIAL_SIDE, styles, W_DIM);
    }

    @Override
    public Encoder encoder(Initializer init) {
        return new StyleEncoder(this, init);
    }

    @Override
    public String officialName() {
        return StyleEncoderType.of(this).officialName();
    }

    /** Blocks of each stage, which widths that stay the same do not tell. */
    @Override
    public Map<String, Object> options() {
        return Map.of(EncoderInference.BLOCKS, body.blocks().stream().map(String::valueOf)
                .collect(Collectors.joining(",")));
    }

    /** Channels of the last level. */
    int width() {
        return body.widths().getLast();
    }
}
