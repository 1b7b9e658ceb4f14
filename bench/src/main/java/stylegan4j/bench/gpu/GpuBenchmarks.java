package stylegan4j.bench.gpu;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.tensor.Device;

/**
 * Measures a GPU: its copy bandwidth and matrix rate first, then kernels as shares of them, then networks, inversions
 * and training.
 *
 * <pre>
 * bin/bench [--device auto|cuda[:N]|cpu] [--only kernels,matrix,networks,inversion,training] [--peer peer.json]
 *           [--outdir bench-results] [--tiny]
 * </pre>
 *
 * {@code peer.json} is written by {@code lib/bench/official}, which runs the official code on the same GPU.
 * {@code --tiny} only shows that everything runs, and its report says so.
 */
public final class GpuBenchmarks {
    private GpuBenchmarks() {
    }

    /** What can be measured by itself. */
    enum Part {
        KERNELS, MATRIX, NETWORKS, INVERSION, TRAINING;

        private static final String ALL = "kernels, matrix, networks, inversion, training";

        void measure(Device device, Clock clock, Sizes sizes) {
            switch (this) {
                case KERNELS -> {
                    try (var all = new MemoryBenchmarks(device.backend(), clock, sizes.planes(), sizes.planeSize())) {
                        all.run();
                    }
                }
                case MATRIX -> new MatrixBenchmarks(device, clock, sizes).run();
                case NETWORKS -> new NetworkBenchmarks(device, clock, sizes).run();
                case INVERSION -> new InversionBenchmarks(device, clock, sizes).run();
                case TRAINING -> new TrainingBenchmarks(device, clock, sizes).run();
            }
            device.backend().trim();
        }

        private static Part named(String name) {
            for (Part part : values()) {
                if (part.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return part;
                }
            }
            throw new IllegalArgumentException("--only expected some of " + ALL + ", got " + name);
        }
    }

    /** Exits with 2 after wrong arguments, with 1 where nothing can be measured. */
    public static void main(String[] args) throws IOException {
        try {
            run(args);
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(2);
        } catch (GpuException | NoSuchFileException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
        }
    }

    static void run(String... args) throws IOException {
        String device = "auto";
        List<Part> parts = List.of(Part.values());
        Report.Peer peer = Report.Peer.NONE;
        Path folder = Path.of("bench-results");
        Sizes sizes = Sizes.FULL;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--device" -> device = value(args, ++i);
                case "--only" -> parts = List.of(value(args, ++i).split(",")).stream().map(Part::named).toList();
                case "--peer" -> peer = Report.Peer.read(Path.of(value(args, ++i)));
                case "--outdir" -> folder = Path.of(value(args, ++i));
                case "--tiny" -> sizes = Sizes.TINY;
                default -> throw new IllegalArgumentException("unknown argument " + args[i] + "; usage: bench "
                        + "[--device auto|cuda[:N]|cpu] [--only " + Part.ALL.replace(" ", "") + "] [--peer peer.json] "
                        + "[--outdir folder] [--tiny]");
            }
        }
        try (Device opened = open(device); Clock clock = new Clock(opened.backend(), sizes)) {
            System.out.println(opened);
            for (Part part : parts) {
                part.measure(opened, clock, sizes);
                // After each part: what was measured stays, whatever happens next.
                new Report(opened.toString(), clock.figures(), peer, sizes == Sizes.TINY).write(folder);
            }
        }
        System.out.println((sizes == Sizes.TINY ? "a tiny trial, no figures: " : "written: ")
                + folder.resolve("GPU.md") + ", " + folder.resolve("gpu.json"));
    }

    private static Device open(String name) {
        if (name.equals("auto")) {
            return Device.best();
        }
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        if (!name.matches("cuda(:\\d+)?")) {
            throw new IllegalArgumentException("--device expected auto, cpu or cuda[:N], got " + name);
        }
        return Device.cuda(name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5)));
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw new IllegalArgumentException(args[i - 1] + " expected a value");
        }
        return args[i];
    }
}
