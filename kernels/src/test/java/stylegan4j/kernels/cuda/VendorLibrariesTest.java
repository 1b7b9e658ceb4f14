package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostLibraries;

/** What the backend hands over to a vendor's libraries, and what it does around them. */
@Execution(ExecutionMode.CONCURRENT)
class VendorLibrariesTest {
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
        ProductCase product = ProductCase.of(both, batch, m, n, k);
        product.dense();
        assertEquals(1, libraries.calls());
        product.transposedAndRepeated();
        assertEquals(1, libraries.calls());
        product.everySecondRowAndColumn();
        assertEquals(m == 1 || k == 1 ? 1 : 0, libraries.calls(), "a library takes no two strides");
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, kernel, stride, pad, groups, scaled, calls
        "2, 3, 5, 7, 9, 3, 1, 1, 1, false, 3", "2, 3, 5, 7, 9, 3, 1, 1, 1, true, 0",
        "2, 6, 4, 8, 9, 3, 1, 1, 2, true, 3", "1, 3, 8, 23, 23, 11, 4, 2, 1, false, 3"})
    void convolutions(int n, int c, int o, int h, int w, int k, int stride, int pad, int groups, boolean scaled,
                      int calls) {
        ConvGeometry g = ConvGeometry.of(stride, pad).withGroups(groups);
        ConvolutionCase.run(both, n, c, o, h, w, k, k, g, scaled).agrees(both);
        // With scales, our own kernels save the scaled copies wherever they do the geometry.
        assertEquals(calls, libraries.calls());
    }
}
