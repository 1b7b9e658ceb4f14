package stylegan4j.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.tensor.Device;

/** Everything that runs on a GPU's host runs, at tiny sizes, on the host that plays one; its times mean nothing. */
class GpuBenchmarksTest {
    private static final Set<String> ALL = Set.of("kernels", "matrix", "networks");

    @TempDir
    private Path folder;

    @Test
    void everythingIsMeasured() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        try (Device device = Device.of(new CudaBackend(HostGpu.platform()))) {
            List<Figure> figures = GpuBenchmarks.measure(device, Sizes.TINY, ALL);
            assertEquals("", figures.stream().filter(f -> Double.isNaN(f.seconds())).map(Report::line)
                    .collect(Collectors.joining("\n")));
            assertEquals(Set.of(MemoryBenchmarks.GROUP, MatrixBenchmarks.PRODUCTS, MatrixBenchmarks.LAYERS,
                    NetworkBenchmarks.SYNTHESIS, NetworkBenchmarks.TUNING),
                    figures.stream().map(Figure::group).collect(Collectors.toSet()));
            assertEquals(0, device.memory().buffers());
        }
    }

    @Test
    void officialFiguresStandBesideTheSameWork() throws IOException {
        Path peer = Files.writeString(folder.resolve("peer.json"), """
                {"device": "D", "software": "PyTorch", "figures": {
                    "synthesis 8 px batch 2": {"seconds": 0.003, "memory": 5000000}}}""");
        List<Figure> figures = List.of(
                new Figure(MemoryBenchmarks.GROUP, MemoryBenchmarks.COPY, 1e-3, 4e9, 0, 0, ""),
                new Figure(MemoryBenchmarks.GROUP, "fill", 1e-3, 3e9, 0, 0, ""),
                new Figure(MatrixBenchmarks.PRODUCTS, "largest product F16", 1e-3, 0, 8e11, 0, ""),
                new Figure(MatrixBenchmarks.LAYERS, "4 px F16", 1e-3, 0, 4e11, 0, ""),
                new Figure(NetworkBenchmarks.SYNTHESIS, "synthesis 8 px batch 2 F16", 1e-3, 0, 0, 7_000_000, ""),
                new Figure(NetworkBenchmarks.TUNING, "tuning step", Double.NaN, 0, 0, 0, "not | there"));
        new Report("G", figures, Report.Peer.read(peer)).write(folder);
        String text = Files.readString(folder.resolve("GPU.md"));
        assertTrue(text.contains("| fill | 1.000 | 3000 GB/s | 75 % |"), text);
        assertTrue(text.contains("| 4 px F16 | 1.000 | 400.0 TFLOP/s | 50 % |"), text);
        assertTrue(text.contains("| synthesis 8 px batch 2 F16 | 1.000 | – | – | 7 | 3.000 | 5 | 3.00× |"), text);
        assertTrue(text.contains("| tuning step | failed: not / there |"), text);
        assertTrue(Files.readString(folder.resolve("gpu.json")).contains("\"seconds\": 0.001"));
    }
}
