package stylegan4j.kernels.cuda.driver;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;

/**
 * A convolution x [n, c, h, w], weight [o, c/groups, kh, kw] → y [n, o, oh, ow]; all dense NCHW, sums in binary32.
 *
 * @param type element type of all three
 * @param precision how {@code F32} elements may be multiplied
 */
public record ConvolutionProblem(int n, int c, int h, int w, int o, int kh, int kw, ConvGeometry geometry, DType type,
                                 Precision precision) {
}
