package stylegan4j.kernels.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.host.Tools;

/**
 * Compiles kernel sources for real GPUs by a toolkit's nvcc, which needs no GPU, and reads what the assembler says about
 * each kernel. What it said is kept by the hash of the source, so that only what has changed is compiled again.
 */
final class Nvcc {
    private static final boolean AVAILABLE = Tools.answers("nvcc");
    /** From Turing to Blackwell. */
    static final List<String> ARCHITECTURES = List.of("sm_75", "sm_80", "sm_90", "sm_100");

    private static final Path FOLDER = Path.of("target", "nvcc").toAbsolutePath();
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)' for '(\\w+)'");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern USED = Pattern.compile("Used (\\d+) registers(?:.*?(\\d+) bytes smem)?.*");

    private Nvcc() {
    }

    /** A kernel as assembled for one architecture. */
    record Assembled(String source, String kernel, String options, String architecture, int registers, int sharedBytes,
                     int spilledBytes) {
    }

    /** Those that a variant is for: Turing has no TF32 and no bfloat16. */
    static Set<String> architectures(String options) {
        boolean newer = options.contains("-DPRECISION=" + Precision.TF32.ordinal())
                || options.contains("-DPRECISION=" + Precision.BF16.ordinal());
        return ARCHITECTURES.stream().filter(a -> !newer || !a.equals("sm_75")).collect(Collectors.toSet());
    }

    static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * @param options further ones, e.g. {@code -DTILE=64}
     * @throws AssertionError with the compiler's messages if the source has errors
     */
    static List<Assembled> compile(String source, List<String> options) throws IOException, InterruptedException {
        String text = KernelSources.text(source);
        String told = String.join(" ", options);
        Path said = FOLDER.resolve(source.replace(".cu", "") + "-" + hash(text + told) + ".txt");
        if (!Files.exists(said)) {
            Files.createDirectories(FOLDER);
            Path file = Files.writeString(Files.createTempFile(FOLDER, "source", ".cu"), text);
            Path work = Files.writeString(Files.createTempFile(FOLDER, "said", ".txt"), run(file, options));
            Files.delete(file);
            Files.move(work, said);
        }
        return read(source, told, Files.readAllLines(said));
    }

    private static String run(Path file, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nvcc", "-std=c++17", "-fatbin", "-Xptxas", "-v", "-o",
                file.resolveSibling(file.getFileName() + ".fatbin").toString(), file.toString()));
        for (String architecture : architectures(String.join(" ", options))) {
            command.add("-gencode=arch=" + architecture.replace("sm_", "compute_") + ",code=" + architecture);
        }
        // nvcc takes an option with a comma for a list
        options.forEach(option -> command.add(option.replace(",", "\\,")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".fatbin"));
        if (status != 0) {
            throw new AssertionError("nvcc: " + String.join(" ", command) + "\n" + said);
        }
        return said;
    }

    private static List<Assembled> read(String source, String options, List<String> said) {
        List<Assembled> kernels = new ArrayList<>();
        String kernel = null;
        String architecture = null;
        int spilled = 0;
        for (String line : said) {
            Matcher entry = ENTRY.matcher(line);
            Matcher spills = SPILLS.matcher(line);
            Matcher used = USED.matcher(line);
            if (entry.find()) {
                kernel = entry.group(1);
                architecture = entry.group(2);
                spilled = 0;
            } else if (spills.find()) {
                spilled = Integer.parseInt(spills.group(1)) + Integer.parseInt(spills.group(2));
            } else if (used.find() && kernel != null) {
                kernels.add(new Assembled(source, kernel, options, architecture, Integer.parseInt(used.group(1)),
                        used.group(2) == null ? 0 : Integer.parseInt(used.group(2)), spilled));
                kernel = null;
            }
        }
        return kernels;
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
