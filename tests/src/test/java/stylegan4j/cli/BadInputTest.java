package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.under;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Npy;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Whatever is wrong: one line that names it, the right exit code, and nothing written. */
class BadInputTest {
    private static final Path NETWORK = fixture("nvlabs-sg2ada-tiny.pkl");

    /** Holds the inputs that a test makes; outputs would lie beside them. */
    @TempDir
    private Path folder;

    private Path input;
    private Path outdir;
    private Set<String> before;

    @BeforeEach
    void setUp() throws IOException {
        input = Files.createDirectory(folder.resolve("in"));
        outdir = folder.resolve("out");
    }

    @AfterEach
    void nothingWasWritten() throws IOException {
        assertEquals(before, under(folder));
    }

    private CommandRun run(Object... args) {
        try {
            before = under(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return CommandRun.of(args);
    }

    private CommandRun generate(Path network) {
        return run("generate", "--network", network, "--seeds", 0, "--outdir", outdir);
    }

    @ParameterizedTest
    @CsvSource({
        "malicious.pkl, os.system",
        "truncated.pt, truncated",
        "bomb.pt, tensor g_ema/conv1.conv.weight",
        "bomb-zip64.pt, tensor g_ema/conv1.conv.weight"})
    void unreadableCheckpoints(String name, String reason) {
        Path file = fixture(name);
        generate(file).refused(1, file, reason);
        run("inspect", file).refused(1, file, reason);
        run("convert", file, folder.resolve("out.safetensors")).refused(1, file, reason);
        run("convert", file, folder.resolve("out.pt")).refused(1, file, reason);
        run("style-mix", "--network", file, "--rows", 0, "--cols", 1, "--outdir", outdir).refused(1, file, reason);
        run("interpolate", "--network", file, "--seeds", "0,1", "--outdir", outdir).refused(1, file, reason);
        run("generate", "--network", NETWORK, "--projected-w", file, "--outdir", outdir).refused(1, file, reason);
    }

    @Test
    void theMaliciousPickleRunsNothing() {
        Path trace = Path.of("/tmp/pwned");
        assumeFalse(Files.exists(trace), () -> trace + " was there before");
        generate(fixture("malicious.pkl"));
        assertTrue(Files.notExists(trace));
    }

    @Test
    void aTensorOfTheWrongShape() {
        Path file = fixture("wrong-shape.pt");
        Object[] words = {file, "tensor g_ema/convs.0.conv.modulation.weight", "[16, 32]", "[32, 16]"};
        generate(file).refused(1, words);
        run("convert", file, folder.resolve("out.pt")).refused(1, words);
    }

    @Test
    void aMissingFile() {
        Path file = input.resolve("missing.pkl");
        generate(file).refused(1, file, "no such file");
        run("inspect", file).refused(1, file, "no such file");
        run("convert", file, folder.resolve("out.pt")).refused(1, file, "no such file");
        run("generate", "--network", NETWORK, "--projected-w", file, "--outdir", outdir)
                .refused(1, file, "no such file");
    }

    @Test
    void aFolderInPlaceOfAFile() {
        generate(input).refused(1, input, "is a folder");
        run("inspect", input).refused(1, input, "is a folder");
    }

    @Test
    void anEmptyFile() throws IOException {
        Path file = Files.createFile(input.resolve("empty.pt"));
        generate(file).refused(1, file, "empty");
        run("inspect", file).refused(1, file, "empty");
    }

    @Test
    void aFileThatMayNotBeRead() throws IOException {
        Path file = Files.copy(NETWORK, input.resolve("secret.pkl"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        before = under(folder);
        assumeFalse(Files.isReadable(file), "this user may read everything");
        generate(file).refused(1, file, "permission denied");
    }

    @Test
    void aPictureInPlaceOfANetwork() throws IOException {
        Path png = input.resolve("face.png");
        Images.writePng(Image.black(3, 13, 7), png);
        Path jpeg = input.resolve("face.pkl");
        Images.writeJpeg(Image.black(3, 13, 7), jpeg, 90);
        generate(png).refused(1, png, "not a checkpoint");
        generate(jpeg).refused(1, jpeg, "not a checkpoint");
        run("convert", png, folder.resolve("out.pt")).refused(1, png, "not a checkpoint");
    }

    @Test
    void aCheckpointWithoutANetwork() throws IOException {
        Path file = input.resolve("array.npy");
        Npy.write(file, StoredTensor.of(new float[] {1, 2, 3}, 3));
        generate(file).refused(1, file, "no StyleGAN2 network");
        run("convert", file, folder.resolve("out.pt")).refused(1, file, "no StyleGAN2 network");
    }

    /** The file is small and whole, but its constructor's arguments ask for terabytes. */
    @Test
    void aNetworkThatClaimsToBeHuge() throws IOException {
        Path file = input.resolve("good.safetensors");
        CommandRun.good("convert", NETWORK, file);
        Checkpoint good = Checkpoints.read(file);
        String claim = good.metadata().get("config")
                .replaceAll("\"(channel_base|channel_max)\":\\d+", "\"$1\":2000000000");
        Path huge = input.resolve("huge.safetensors");
        Safetensors.write(huge, good.tensors(), Map.of("config", claim));
        generate(huge).refused(1, huge, "far more weights than the file holds");
        run("convert", huge, folder.resolve("out.pt")).refused(1, huge, "far more weights than the file holds");
    }

    @Test
    void codesOfAnotherNetwork() {
        Path codes = fixture("projected_w.npz");
        run("generate", "--network", NETWORK, "--projected-w", codes, "--outdir", outdir)
                .refused(1, codes, "tensor w", "[N, 8, 32]", "[1, 16, 512]");
    }

    @Test
    void anOutputOfUnknownKind() {
        Path out = folder.resolve("out.ckpt");
        run("convert", NETWORK, out).refused(1, out, ".safetensors");
        run("convert", NETWORK, folder.resolve("out")).refused(1, folder.resolve("out"), ".safetensors");
        run("convert", NETWORK, "/").refused(1, ".safetensors");
    }

    @Test
    void anOutputInNoFolder() {
        Path out = folder.resolve("nowhere/out.pt");
        run("convert", NETWORK, out).refused(1, out, "no such folder");
        Path below = NETWORK.resolve("out.safetensors");
        run("convert", NETWORK, below).refused(1, below, "no such folder");
    }

    @Test
    void anOutputThatIsAFolder() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out.pt"));
        run("convert", NETWORK, out).refused(1, out, "is a folder");
    }

    @Test
    void anOutputFolderThatCannotBeMade() throws IOException {
        Path file = Files.createFile(input.resolve("file"));
        for (Path impossible : List.of(file, file.resolve("below"))) {
            run("generate", "--network", NETWORK, "--seeds", 0, "--outdir", impossible).refused(1, impossible);
            run("style-mix", "--network", NETWORK, "--rows", 0, "--cols", 1, "--outdir", impossible)
                    .refused(1, impossible);
            for (String format : List.of("frames", "gif", "apng")) {
                run("interpolate", "--network", NETWORK, "--seeds", "0,1", "--frames", 1, "--format", format,
                        "--outdir", impossible).refused(1, impossible);
            }
        }
    }

    @Test
    void classesThatTheNetworkDoesNotHave() throws IOException {
        Path network = ConditionalNetwork.write(input.resolve("conditional.safetensors"));
        generate(network).refused(2, "--class", "0 to 2", "none");
        for (int wrong : new int[] {-1, 3}) {
            Object[] words = {"--class", "0 to 2", wrong};
            run("generate", "--network", network, "--seeds", 0, "--class", wrong, "--outdir", outdir)
                    .refused(2, words);
            run("interpolate", "--network", network, "--seeds", "0,1", "--class", wrong, "--outdir", outdir)
                    .refused(2, words);
            run("style-mix", "--network", network, "--rows", 0, "--cols", 1, "--styles", "0-1", "--class", wrong,
                    "--outdir", outdir).refused(2, words);
        }
    }

    @Test
    void layersThatTheNetworkDoesNotHave() {
        run("style-mix", "--network", NETWORK, "--rows", 0, "--cols", 1, "--styles", "0-8", "--outdir", outdir)
                .refused(2, "--styles", "0 to 7", "8");
    }

    @Test
    void aLayoutThatCannotHoldTheNetwork() throws IOException {
        Path network = ConditionalNetwork.write(input.resolve("conditional.safetensors"));
        run("convert", network, folder.resolve("out.pt"), "--layout", "rosinality").refused(1, "rosinality");
        run("convert", NETWORK, folder.resolve("out.safetensors"), "--layout", "rosinality").refused(2, "--layout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "-1", "99999999999999999999", "0,4294967296", "3-1", "0-4294967295", "a",
        "1.5", "", "1,,2", "1-"})
    void seedsOutOfRange(String seeds) {
        run("generate", "--network", NETWORK, "--seeds=" + seeds, "--outdir", outdir).refused(1, "--seeds");
    }

    @ParameterizedTest
    @CsvSource({
        "--frobnicate, --frobnicate",
        "--device=cuda:first, cuda:first",
        "--device=toaster, toaster",
        "--threads=0, --threads",
        "--threads=-3, --threads",
        "--threads=100000, 1 to 1024",
        "--threads=many, --threads",
        "--trunc=much, --trunc",
        "--noise-mode=loud, --noise-mode",
        "--class=dog, --class",
        "--seeds=1, --seeds"})
    void wrongUsage(String option, String word) {
        run("generate", "--network", NETWORK, "--seeds", 0, "--outdir", outdir, option).refused(2, word);
    }

    @Test
    void incompleteCommands() {
        run("generate", "--network", NETWORK, "--outdir", outdir).refused(2, "--seeds");
        run("generate", "--network", NETWORK, "--seeds", 0).refused(2, "--outdir");
        run("convert", NETWORK).refused(2, "OUT");
        run("inspect").refused(2, "FILE");
        run("interpolate", "--network", NETWORK, "--seeds", 0, "--outdir", outdir).refused(2, "at least two");
        run("interpolate", "--network", NETWORK, "--seeds", "0,1", "--frames", 0, "--outdir", outdir)
                .refused(2, "--frames");
        run("generat").refused(2, "generate");
    }
}
