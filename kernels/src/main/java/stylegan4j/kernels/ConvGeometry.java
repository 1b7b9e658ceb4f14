package stylegan4j.kernels;

/**
 * Strides, zero padding, dilation and groups of a 2-D convolution (cross-correlation, as in PyTorch): x [N, C, H, W]
 * with weight [O, C/groups, kh, kw] gives y [N, O, (H + 2·padY − dilationY·(kh−1) − 1)/strideY + 1, …]. Negative
 * padding is not allowed.
 */
public record ConvGeometry(int strideY, int strideX, int padY, int padX, int dilationY, int dilationX, int groups) {
    /** The same stride and padding in both directions, no dilation, one group. */
    public static ConvGeometry of(int stride, int pad) {
        return new ConvGeometry(stride, stride, pad, pad, 1, 1, 1);
    }

    public ConvGeometry withGroups(int newGroups) {
        return new ConvGeometry(strideY, strideX, padY, padX, dilationY, dilationX, newGroups);
    }

    /** Output rows for {@code height} input rows and a kernel of {@code kernel} rows. */
    public int outHeight(int height, int kernel) {
        return Math.floorDiv(height + 2 * padY - dilationY * (kernel - 1) - 1, strideY) + 1;
    }

    /** Output columns for {@code width} input columns and a kernel of {@code kernel} columns. */
    public int outWidth(int width, int kernel) {
        return Math.floorDiv(width + 2 * padX - dilationX * (kernel - 1) - 1, strideX) + 1;
    }

    public boolean isUnitStride() {
        return strideY == 1 && strideX == 1;
    }
}
