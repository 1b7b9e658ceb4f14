package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files either read or end in a {@link CheckpointException}; no other exception, no exhausted memory. */
class FuzzTest {
    private static final Path GOLDEN = Path.of("..", "tests", "src", "test", "resources", "golden", "formats");
    /** Bytes that mean something to a pickle, so that more damage survives the first check. */
    private static final byte[] OPCODES = {'(', '0', '1', '2', 'N', 'R', 'b', 'Q', 't', 'e', 's', 'u', '}', ']', ')',
        'h', 'q', (byte) 0x81, (byte) 0x85, (byte) 0x93, (byte) 0xff, 0x7f, 0};

    /** Bytes of damaged files to read in each test. */
    private static final int EFFORT = 10_000_000;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> damagedFiles() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        var tensors = new LinkedHashMap<String, StoredTensor>();
        tensors.put("a.b", StoredTensor.of(new float[] {1, 2, 3}, 3, 1));
        tensors.put("c", StoredTensor.of(new float[0], 0));
        var tree = List.of(tensors, 1L, "two", 3.0);
        for (var name : List.of("w.safetensors", "w.npz", "w.npy", "w.pt", "w-legacy.pt")) {
            var file = folder.resolve(name);
            switch (name) {
                case "w.safetensors" -> Safetensors.write(file, tensors, Map.of("a", "b"));
                case "w.npz" -> Npz.write(file, tensors);
                case "w.npy" -> Npy.write(file, tensors.get("a.b"));
                case "w.pt" -> TorchZip.write(file, tree);
                default -> TorchLegacy.write(file, tree);
            }
            files.put(name, Files.readAllBytes(file));
        }
        for (var name : List.of("torch-dtypes.pt", "torch-dtypes-legacy.pt", "nvlabs-sg2ada-tiny-p3.pkl",
                "nvlabs-sg3-tiny.pkl", "bomb.pt", "malicious.pkl")) {
            files.put(name, Files.readAllBytes(GOLDEN.resolve(name)));
        }
        return files.entrySet().stream().map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
            truncate(file.getValue());
            flip(file.getValue());
        }));
    }

    /** Every length of a small file, some lengths of a large one. */
    private static void truncate(byte[] file) {
        int step = Math.max(1, (int) ((long) file.length * file.length / EFFORT));
        for (int length = 0; length < file.length; length += step) {
            survive(Arrays.copyOf(file, length));
        }
    }

    private static void flip(byte[] file) {
        var random = new Random(20260 + file.length);
        for (int i = 0; i < Math.min(5000, EFFORT / file.length); i++) {
            var damaged = file.clone();
            int start = random.nextInt(file.length);
            for (int n = random.nextInt(8); n >= 0; n--) {
                int at = i % 2 == 0 ? random.nextInt(file.length) : Math.min(start + n, file.length - 1);
                damaged[at] = i % 3 == 0 ? (byte) random.nextInt() : OPCODES[random.nextInt(OPCODES.length)];
            }
            survive(damaged);
        }
    }

    private static void survive(byte[] damaged) {
        try {
            var read = Samples.read(damaged);
            NvlabsNetwork.of(read);
            for (var tensor : read.tensors().values()) {
                if (tensor.byteSize() < 1 << 20) {
                    tensor.firstNonFinite();
                }
            }
        } catch (CheckpointException expected) {
            // What damage should end in.
        }
    }
}
