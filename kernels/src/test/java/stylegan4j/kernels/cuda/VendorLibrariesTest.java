package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.cuda.BothBackends.Pair;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostLibraries;

/** What the backend hands over to a vendor's libraries, and what it does around them. */
class VendorLibrariesTest {
    /** Sums of up to 300 products of normal numbers, in another order than the CPU's. */
    private static final double TOLERANCE = 2e-4;

    private final HostLibraries libraries = new HostLibraries();
    private BothBackends both;

    @BeforeEach
    void open() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        both = new BothBackends(libraries.platform());
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 3, 5, 7", "1, 13, 1, 65", "3, 1, 64, 33", "2, 5, 4, 1"})
    void products(int batch, int m, int n, int k) {
        Pair a = both.normal(batch, m, k);
        Pair b = both.normal(batch, k, n);
        Pair y = both.empty(batch, m, n);
        both.run((backend, of) -> backend.matmul(of.apply(a), of.apply(b), of.apply(y)));
        both.assertClose(y, 0, TOLERANCE, "dense");
        assertEquals(1, libraries.calls());
        Pair columns = both.normal(n, k);
        Pair turned = columns.view(0, new int[] {batch, k, n}, 0, 1, k);
        both.run((backend, of) -> backend.matmul(of.apply(a), of.apply(turned), of.apply(y)));
        both.assertClose(y, 0, TOLERANCE, "transposed, the same for each sample");
        assertEquals(1, libraries.calls());
        Pair wide = both.normal(batch, 2 * m, 2 * k);
        Pair part = wide.view(1, new int[] {batch, m, k}, 4L * m * k, 4L * k, 2);
        both.run((backend, of) -> backend.matmul(of.apply(part), of.apply(b), of.apply(y)));
        both.assertClose(y, 0, TOLERANCE, "every second row and column");
        assertEquals(m == 1 || k == 1 ? 1 : 0, libraries.calls(), "a library takes no two strides");
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, kernel, stride, pad, groups, scaled, calls
        "2, 3, 5, 7, 9, 3, 1, 1, 1, false, 3", "2, 3, 5, 7, 9, 3, 1, 1, 1, true, 1",
        "2, 6, 4, 8, 9, 3, 1, 1, 2, true, 3", "1, 3, 8, 23, 23, 11, 4, 2, 1, false, 3"})
    void convolutions(int n, int c, int o, int h, int w, int k, int stride, int pad, int groups, boolean scaled,
                      int calls) {
        ConvGeometry g = ConvGeometry.of(stride, pad).withGroups(groups);
        Pair x = both.normal(n, c, h, w);
        Pair weight = both.normal(o, c / groups, k, k);
        Pair in = both.normal(n, c);
        Pair out = both.normal(n, o);
        Pair dy = both.normal(n, o, g.outHeight(h, k), g.outWidth(w, k));
        Pair y = both.empty(dy.cpu().shape());
        Pair dx = both.empty(n, c, h, w);
        Pair dw = both.empty(weight.cpu().shape());
        both.run((b, of) -> {
            ChannelScales scales = scaled ? new ChannelScales(of.apply(in), of.apply(out)) : ChannelScales.NONE;
            b.conv2d(of.apply(x), of.apply(weight), g, scales, of.apply(y));
            b.conv2dInputGradient(of.apply(dy), of.apply(weight), g, scales, of.apply(dx));
            b.conv2dWeightGradient(of.apply(x), of.apply(dy), g, scales, of.apply(dw));
        });
        both.assertClose(y, 1e-5, TOLERANCE, "conv2d");
        both.assertClose(dx, 1e-5, TOLERANCE, "conv2dInputGradient");
        both.assertClose(dw, 1e-5, TOLERANCE, "conv2dWeightGradient");
        // With scales, our own kernels save the scaled copies wherever they do the geometry.
        assertEquals(calls, libraries.calls());
    }
}
