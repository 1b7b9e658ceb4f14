package stylegan4j.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Channels;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.SynthesisConfig;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/** Time from start to end and peak memory of whole {@code ./stylegan4j generate} processes, on made-up networks. */
public final class ProcessFigures {
    private static final int RUNS = 5;
    private static final long POLL_MILLISECONDS = 10;

    /**
     * Medians over the runs of one command.
     *
     * @param megabytes peak resident memory; NaN where the system does not tell
     */
    record Figure(String work, double seconds, double megabytes) {
    }

    private ProcessFigures() {
    }

    /** @param args the launcher, a folder for files, and the JSON file to write */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 3) {
            System.err.println("usage: ProcessFigures LAUNCHER FOLDER RESULTS.json");
            System.exit(2);
        }
        Path folder = Files.createDirectories(Path.of(args[1]));
        List<Figure> figures = new ArrayList<>();
        figures.add(generate(args[0], folder, 256, 16384));
        figures.add(generate(args[0], folder, 1024, 32768));
        Files.writeString(Path.of(args[2]), new Gson().toJson(figures));
    }

    private static Figure generate(String launcher, Path folder, int resolution, int channelBase)
            throws IOException, InterruptedException {
        Path network = folder.resolve("random-" + resolution + ".safetensors");
        if (!Files.exists(network)) {
            write(network, resolution, channelBase);
        }
        double[] seconds = new double[RUNS];
        double[] megabytes = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(launcher, "generate", "--network", network.toString(), "--seeds", "0",
                    "--outdir", folder.resolve("pictures").toString()).redirectErrorStream(true)
                    .redirectOutput(folder.resolve("generate.log").toFile()).start();
            megabytes[run] = peakMegabytes(process);
            seconds[run] = (System.nanoTime() - start) * 1e-9;
            if (process.waitFor() != 0) {
                throw new IOException(Files.readString(folder.resolve("generate.log")));
            }
        }
        Arrays.sort(seconds);
        Arrays.sort(megabytes);
        return new Figure("`generate` of one " + resolution + " px picture, channel base " + channelBase,
                seconds[RUNS / 2], megabytes[RUNS / 2]);
    }

    private static void write(Path file, int resolution, int channelBase) throws IOException {
        GeneratorConfig config = GeneratorConfig.of(resolution).withSynthesis(
                SynthesisConfig.DEFAULT.withChannels(new Channels(channelBase, 512)));
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            NetworkWriter.writeSafetensors(file, new Networks(new Generator(config, Initializer.random(0)), null, null));
        }
    }

    /** Waits for the process's end, asking Linux for its high-water mark all the while. */
    private static double peakMegabytes(Process process) throws InterruptedException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        double peak = Double.NaN;
        while (process.isAlive()) {
            try {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmHWM:")) {
                        peak = Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
                    }
                }
            } catch (IOException e) {
                // Gone between the two questions, or not Linux: the last answer stands.
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
        return peak;
    }
}
