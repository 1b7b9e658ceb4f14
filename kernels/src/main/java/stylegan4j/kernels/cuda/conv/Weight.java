package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.NdArray;

/**
 * A convolution's weight, or its view with the channels exchanged.
 *
 * @param rows output channels
 * @param depth input channels
 * @param rowStride, depthStride elements from one to the next
 */
record Weight(NdArray array, int rows, int depth, long rowStride, long depthStride) {
    /** [O, C, kh, kw] as it is. */
    static Weight of(NdArray weight) {
        long kernel = (long) weight.size(2) * weight.size(3);
        return new Weight(weight, weight.size(0), weight.size(1), weight.size(1) * kernel, kernel);
    }

    /** With the roles of the first two dimensions exchanged. */
    Weight transposed() {
        return new Weight(array, depth, rows, depthStride, rowStride);
    }
}
