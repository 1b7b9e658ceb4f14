package stylegan4j.bench.gpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import stylegan4j.tensor.Device;

/**
 * Measures a GPU: its copy bandwidth and matrix rate first, then kernels as shares of them, then networks.
 *
 * <pre>
 * bin/bench [--device auto|cuda[:N]|cpu] [--only kernels,matrix,networks] [--peer peer.json]
 *           [--outdir bench-results] [--tiny]
 * </pre>
 *
 * {@code peer.json} is written by {@code official.py}, which runs the official code on the same GPU. {@code --tiny} only
 * shows that everything runs.
 */
public final class GpuBenchmarks {
    private static final Set<String> PARTS = Set.of("kernels", "matrix", "networks");

    private GpuBenchmarks() {
    }

    public static void main(String[] args) throws IOException {
        String device = "auto";
        List<String> parts = new ArrayList<>(PARTS);
        Report.Peer peer = Report.Peer.NONE;
        Path folder = Path.of("bench-results");
        Sizes sizes = Sizes.FULL;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--device" -> device = value(args, ++i);
                case "--only" -> parts = List.of(value(args, ++i).split(","));
                case "--peer" -> peer = Report.Peer.read(Path.of(value(args, ++i)));
                case "--outdir" -> folder = Path.of(value(args, ++i));
                case "--tiny" -> sizes = Sizes.TINY;
                default -> throw usage("unknown argument " + args[i]);
            }
        }
        if (!PARTS.containsAll(parts)) {
            throw usage("--only expected some of kernels, matrix, networks, got " + parts);
        }
        try (Device opened = open(device)) {
            System.out.println(opened);
            new Report(opened.toString(), measure(opened, sizes, Set.copyOf(parts)), peer).write(folder);
        }
        System.out.println("written: " + folder.resolve("GPU.md") + ", " + folder.resolve("gpu.json"));
    }

    /** All figures of the named parts. */
    static List<Figure> measure(Device device, Sizes sizes, Set<String> parts) {
        try (Clock clock = new Clock(device.backend(), sizes.leastSeconds(), sizes.runs())) {
            if (parts.contains("kernels")) {
                try (var kernels = new MemoryBenchmarks(device.backend(), clock, sizes.planes(), sizes.planeSize())) {
                    kernels.run();
                }
                device.backend().trim();
            }
            if (parts.contains("matrix")) {
                new MatrixBenchmarks(device, clock, sizes).run();
            }
            if (parts.contains("networks")) {
                new NetworkBenchmarks(device, clock, sizes).run();
            }
            return clock.figures();
        }
    }

    private static Device open(String name) {
        if (name.equals("auto")) {
            return Device.best();
        }
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (!name.matches("cuda(:\\d+)?")) {
            throw usage("--device expected auto, cpu or cuda[:N], got " + name);
        }
        return Device.cuda(name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5)));
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw usage(args[i - 1] + " expected a value");
        }
        return args[i];
    }

    private static IllegalArgumentException usage(String message) {
        return new IllegalArgumentException(message + "; usage: bench [--device auto|cuda[:N]|cpu] "
                + "[--only kernels,matrix,networks] [--peer peer.json] [--outdir folder] [--tiny]");
    }
}
