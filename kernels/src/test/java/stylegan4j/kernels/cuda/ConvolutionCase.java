package stylegan4j.kernels.cuda;

import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** A convolution, its input's and its weight's gradient of random numbers, done on both backends. */
record ConvolutionCase(Pair y, Pair dx, Pair dw) {
    /**
     * @param c channels of all groups, as {@code o}
     * @param scaled whether channels have factors
     */
    static ConvolutionCase run(BothBackends both, int n, int c, int o, int h, int w, int kh, int kw, ConvGeometry g,
                               boolean scaled) {
        Pair x = both.normal(n, c, h, w);
        Pair weight = both.normal(o, c / g.groups(), kh, kw);
        Pair in = both.normal(n, c);
        Pair out = both.normal(n, o);
        Pair dy = both.normal(n, o, g.outHeight(h, kh), g.outWidth(w, kw));
        var done = new ConvolutionCase(both.empty(dy.cpu().shape()), both.empty(n, c, h, w),
                both.empty(weight.cpu().shape()));
        both.run((b, of) -> {
            ChannelScales scales = scaled ? new ChannelScales(of.apply(in), of.apply(out)) : ChannelScales.NONE;
            b.conv2d(of.apply(x), of.apply(weight), g, scales, of.apply(done.y));
            b.conv2dInputGradient(of.apply(dy), of.apply(weight), g, scales, of.apply(done.dx));
            b.conv2dWeightGradient(of.apply(x), of.apply(dy), g, scales, of.apply(done.dw));
        });
        return done;
    }

    void agrees(BothBackends both) {
        both.assertSums(y, "conv2d");
        both.assertSums(dx, "conv2dInputGradient");
        both.assertSums(dw, "conv2dWeightGradient");
    }
}
