package stylegan4j.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    @TempDir
    private Path folder;

    @Test
    void everythingIsMeasured() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        try (Device device = Device.of(new CudaBackend(HostGpu.platform()));
             Clock clock = new Clock(device.backend(), Sizes.TINY)) {
            for (GpuBenchmarks.Part part : GpuBenchmarks.Part.values()) {
                part.measure(device, clock, Sizes.TINY);
            }
            List<Figure> figures = clock.figures();
            assertEquals("", figures.stream().filter(f -> Double.isNaN(f.seconds())).map(Report::line)
                    .collect(Collectors.joining("\n")));
            assertEquals(Set.of(MemoryBenchmarks.GROUP, MatrixBenchmarks.PRODUCTS, MatrixBenchmarks.LAYERS,
                    MatrixBenchmarks.CONVOLUTIONS, MatrixBenchmarks.WEIGHTS, NetworkBenchmarks.SYNTHESIS,
                    InversionBenchmarks.TUNING, InversionBenchmarks.ENCODER, TrainingBenchmarks.TRAINING),
                    figures.stream().map(Figure::group).collect(Collectors.toSet()));
            assertEquals(1, device.memory().buffers(), "the clock's own");
        }
    }

    @Test
    void wrongArgumentsAreNamed() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "[1]");
        Path empty = Files.writeString(folder.resolve("empty.json"), "{}");
        assertEquals("--only expected some of kernels, matrix, networks, inversion, training, got network",
                refused("--only", "network"));
        assertEquals("--device expected auto, cpu or cuda[:N], got gpu", refused("--device", "gpu"));
        assertEquals("--outdir expected a value", refused("--outdir"));
        assertTrue(refused("--peer", other.toString()).startsWith("--peer " + other));
        assertEquals("--peer " + empty + ": holds no figures of the official code",
                refused("--peer", empty.toString()));
        assertTrue(refused("--big").startsWith("unknown argument --big; usage: bench "));
    }

    private static String refused(String... arguments) {
        return assertThrows(IllegalArgumentException.class, () -> GpuBenchmarks.run(arguments)).getMessage();
    }

    @Test
    void officialFiguresStandBesideTheSameWork() throws IOException {
        Path peer = Files.writeString(folder.resolve("peer.json"), """
                {"device": "D", "software": "PyTorch", "figures": {
                    "synthesis 8 px batch 2 F16": {"seconds": 0.003, "memory": 5000000},
                    "4 px 8 channels F16": {"seconds": 0.002, "memory": 0}},
                 "failed": {"encoder F16": "no such module"}}""");
        List<Figure> figures = List.of(
                new Figure(MemoryBenchmarks.GROUP, MemoryBenchmarks.COPY, 1e-3, 4e9, 0, 0, ""),
                new Figure(MemoryBenchmarks.GROUP, "fill", 1e-3, 3e9, 0, 0, ""),
                new Figure(MatrixBenchmarks.PRODUCTS, "largest product F16", 1e-3, 0, 8e11, 0, ""),
                new Figure(MatrixBenchmarks.LAYERS, "4 px F16", 1e-3, 0, 4e11, 0, ""),
                new Figure(NetworkBenchmarks.SYNTHESIS, "synthesis 8 px batch 2 F16", 1e-3, 0, 0, 7_000_000, ""),
                new Figure(NetworkBenchmarks.SYNTHESIS, "synthesis 8 px batch 2 replayed F16", 2e-3, 0, 0, 0, ""),
                new Figure(MatrixBenchmarks.CONVOLUTIONS, "4 px 8 channels own kernel F16", 1e-3, 0, 4e11, 0, ""),
                new Figure(InversionBenchmarks.TUNING, "tuning step", Double.NaN, 0, 0, 0, "not | there"));
        new Report("G", figures, Report.Peer.read(peer), false).write(folder);
        String text = Files.readString(folder.resolve("GPU.md"));
        assertTrue(text.startsWith("# Benchmark results"), text);
        assertTrue(text.contains("| fill | 1.000 | – | – | 3000 GB/s | 75 % | – | – |"), text);
        assertTrue(text.contains("| 4 px F16 | 1.000 | – | – | 400.0 TFLOP/s | 50 % | – | – |"), text);
        assertTrue(text.contains("| synthesis 8 px batch 2 F16 | 1.000 | 3.000 | 3.00× | – | – | 7 | 5 |"), text);
        assertTrue(text.contains("| synthesis 8 px batch 2 replayed F16 | 2.000 | 3.000 | 1.50× | – |"), text);
        assertTrue(text.contains("| 4 px 8 channels own kernel F16 | 1.000 | 2.000 | 2.00× | 400.0 TFLOP/s | 50 % |"),
                text);
        assertTrue(text.contains("| tuning step | failed: not / there |"), text);
        assertTrue(text.contains("- encoder F16: no such module"), text);
        assertTrue(Files.readString(folder.resolve("gpu.json")).contains("\"seconds\": 0.001"));
    }

    @Test
    void tinyTrialsSayThatTheyAreNoFigures() throws IOException {
        new Report("G", List.of(), Report.Peer.NONE, true).write(folder);
        assertTrue(Files.readString(folder.resolve("GPU.md")).startsWith("# Tiny trial: no benchmark results"));
        assertTrue(Files.readString(folder.resolve("gpu.json")).contains("\"trial\": true"));
    }
}
