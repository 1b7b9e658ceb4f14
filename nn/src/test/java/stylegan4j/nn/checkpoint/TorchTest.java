package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTest {
    @TempDir
    Path folder;

    private static final long[] FOUR = {4};
    private static final long[] ONE = {1};

    private static Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("g_ema", Samples.tensors());
        tree.put("list", Arrays.asList(1L, -70000L, 1L << 40, BigInteger.TWO.pow(70), 2.5, "é", true, false, null));
        tree.put("empty", Map.of());
        tree.put("latent_avg", StoredTensor.of(new float[] {1, 2, 3}, 1, 3));
        return tree;
    }

    private static void assertTree(Checkpoint read) throws CheckpointException {
        assertEquals(List.copyOf(tree().keySet()), List.copyOf(((Map<?, ?>) read.root()).keySet()));
        assertEquals(tree().get("list"), read.get("list"));
        assertEquals(Map.of(), read.get("empty"));
        Samples.assertSame(Samples.tensors(), read.tensors("g_ema"));
        assertArrayEquals(new float[] {1, 2, 3}, read.tensor("latent_avg").toFloats());
        assertEquals(Samples.tensors().size() + 1, read.tensors().size());
    }

    @Test
    void zipReturnsWhatWasWritten() throws IOException {
        var file = folder.resolve("tree.any");
        TorchZip.write(file, tree());
        var read = Checkpoints.read(file);
        assertEquals("torch", read.format());
        assertTree(read);
    }

    @Test
    void legacyReturnsWhatWasWritten() throws IOException {
        var file = folder.resolve("tree.any");
        TorchLegacy.write(file, tree());
        var read = Checkpoints.read(file);
        assertEquals("torch-legacy", read.format());
        assertTree(read);
    }

    @Test
    void holdsOneBareTensor() throws IOException {
        var tensor = StoredTensor.of(new float[512], 1, 512);
        TorchZip.write(folder.resolve("age.pt"), tensor);
        assertEquals(Set.of("age"), Checkpoints.read(folder.resolve("age.pt")).tensors().keySet());
        TorchLegacy.write(folder.resolve("smile.old.pt"), tensor);
        assertEquals(Set.of("smile.old"), Checkpoints.read(folder.resolve("smile.old.pt")).tensors().keySet());
    }

    @Test
    void zipIsStoredAlignedAndPassesJavasOwnReader() throws IOException {
        var file = folder.resolve("tree.pt");
        TorchZip.write(file, tree());
        var names = new ArrayList<String>();
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
                assertEquals(ZipEntry.STORED, entry.getMethod());
                zip.readAllBytes();
            }
        }
        assertEquals(List.of("archive/data.pkl", "archive/byteorder", "archive/data/0"), names.subList(0, 3));
        assertEquals("archive/version", names.getLast());
        for (var tensor : Checkpoints.read(file).tensors().values()) {
            assertEquals(0, tensor.elements() == 0 ? 0 : tensor.data().address() % 64, tensor.toString());
        }
    }

    @Test
    void refusesToWriteOtherObjects() {
        var file = folder.resolve("x.pt");
        assertThrows(IllegalArgumentException.class, () -> TorchZip.write(file, Map.of("x", new Object())));
        assertThrows(IllegalArgumentException.class, () -> TorchLegacy.write(file, List.of(Set.of())));
        assertFalse(Files.exists(file));
    }

    private static byte[] zip(byte[] pickle, Map<String, byte[]> others) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("any name/data.pkl"));
            zip.write(pickle);
            for (var entry : others.entrySet()) {
                zip.putNextEntry(new ZipEntry("any name/" + entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    /** An archive of one storage with the elements 0, 1, 2, 3. */
    private static byte[] zip(PickleBytes pickle) throws IOException {
        return zip(pickle.stop(), Map.of("data/0", floats(0, 1, 2, 3)));
    }

    private static byte[] floats(float... values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static PickleBytes named(String name) {
        return PickleBytes.pickle().ops("}").text(name);
    }

    @Test
    void viewsShareTheirStorage() throws IOException {
        var read = Samples.read(zip(PickleBytes.pickle().ops("](").tensor("0", 4, 0, FOUR, ONE)
                .tensor("0", 4, 1, new long[] {2}, new long[] {1}).tensor("0", 4, 0, new long[] {2, 2},
                        new long[] {1, 2}).ops("e")));
        assertArrayEquals(new float[] {1, 2}, read.tensor("1").toFloats());
        assertArrayEquals(new float[] {0, 2, 1, 3}, read.tensor("2").toFloats());
        assertArrayEquals(new long[] {2, 2}, read.tensor("2").shape());
        assertEquals(read.tensor("0").data().address() + 4, read.tensor("1").data().address());
    }

    @Test
    void namesTensorsThatReachOutside() throws IOException {
        long[][][] views = {
            {{0}, {5}, {1}}, {{4}, {1}, {1}}, {{-1}, {1}, {1}}, {{3}, {2}, {-1}}, {{0}, {2, 2}, {3, 1}},
            {{0}, {-1}, {1}}, {{0}, {1L << 31, 1L << 33}, {0, 0}}, {{0}, {1L << 40}, {0}}, {{1L << 62}, {1}, {1}},
            {{0}, {2}, {Long.MAX_VALUE}}, {{0}, {2, 2}, {1}},
        };
        for (var view : views) {
            var message = Samples.refusal(zip(named("net.weight").tensor("0", 4, view[0][0], view[1], view[2])
                    .ops("s")));
            assertTrue(message.contains("tensor net.weight: "), message);
        }
    }

    @Test
    void doesNotBelieveStorageSizes() throws IOException {
        for (long declared : new long[] {3, 5, 0, -4, 1L << 60, (1L << 62) + 4, Long.MIN_VALUE}) {
            var message = Samples.refusal(zip(named("w").tensor("0", declared, 0, ONE, ONE).ops("s")));
            assertTrue(message.contains("tensor w: storage 0 is declared with " + declared + " elements of F32, "
                    + "the file holds 16 bytes of it"), message);
        }
        var missing = Samples.refusal(zip(named("w").tensor("1", 4, 0, ONE, ONE).ops("s")));
        assertTrue(missing.contains("tensor w: zip entry any name/data/1 is missing"), missing);
    }

    @Test
    void readsParametersOfTheOldestKind() throws IOException {
        for (boolean inState : new boolean[] {true, false}) {
            var pickle = named("w").global("torch.nn.parameter", "Parameter").op('(');
            var built = inState
                    ? pickle.op('t', 0x81, '(').tensor("0", 4, 1, ONE, ONE).op('N', 'N', 0x88, 0x89, 't', 'b')
                    : pickle.tensor("0", 4, 1, ONE, ONE).op('t', 'R', '(', 0x88, 0x89, 'N', 't', 'b');
            assertArrayEquals(new float[] {1}, Samples.read(zip(built.ops("s"))).tensor("w").toFloats());
        }
        assertTrue(Samples.refusal(zip(named("w").global("torch.nn.parameter", "Parameter").ops(")").op(0x81)
                .ops("s"))).contains("tensor w: parameter without a tensor"));
    }

    @Test
    void readsDeflatedStorages() throws IOException {
        var archive = zip(PickleBytes.pickle().tensor("0", 1000, 0, new long[] {1000}, ONE).stop(),
                Map.of("data/0", new byte[4000]));
        assertTrue(archive.length < 2000);
        assertEquals(1000, Samples.read(archive).tensor("sample").elements());
    }

    @Test
    void refusesOtherByteOrders() throws IOException {
        var pickle = PickleBytes.pickle().op('N').stop();
        var little = zip(pickle, Map.of("byteorder", new byte[] {'l', 'i', 't', 't', 'l', 'e'}));
        assertEquals("torch", Samples.read(little).format());
        var big = zip(pickle, Map.of("byteorder", new byte[] {'b', 'i', 'g'}));
        assertTrue(Samples.refusal(big).contains("big-endian"));
    }

    private byte[] legacy(PickleBytes object, PickleBytes keys, byte[] rest) throws IOException {
        var file = folder.resolve("template.pt");
        TorchLegacy.write(file, "OBJECT");
        var template = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        int objectAt = template.indexOf("OBJECT") - 7;
        return new PickleBytes().raw(template.substring(0, objectAt).getBytes(StandardCharsets.ISO_8859_1))
                .raw(object.stop()).raw(keys.stop()).raw(rest).stop();
    }

    private static byte[] counted(long elements, byte[] data) {
        return ByteBuffer.allocate(8 + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(elements).put(data).array();
    }

    @Test
    void legacyStorageSizesAreNotBelievedEither() throws IOException {
        var keys = PickleBytes.pickle().ops("]").text("k").ops("a");
        assertArrayEquals(new float[] {1, 2}, Samples.read(legacy(PickleBytes.pickle()
                .tensor("k", 2, 0, new long[] {2}, ONE), keys, counted(2, floats(1, 2)))).tensor("sample").toFloats());
        for (long count : new long[] {3, 1L << 60, (1L << 62) + 2, -1}) {
            var bomb = PickleBytes.pickle().tensor("k", count, 0, ONE, ONE);
            assertTrue(Samples.refusal(legacy(bomb, PickleBytes.pickle().ops("]").text("k").ops("a"),
                    counted(count, floats(1, 2)))).contains("storage k is declared with " + count));
        }
        var absent = Samples.refusal(legacy(named("w").tensor("k", 2, 0, ONE, ONE).ops("s"),
                PickleBytes.pickle().ops("]"), new byte[0]));
        assertTrue(absent.contains("tensor w: the file holds no data of storage k"), absent);
    }

    @Test
    void legacyStoragesMayBeWindowsOfOthers() throws IOException {
        for (long[] window : new long[][] {{1, 2}, {3, 2}, {-1, 1}, {0, -1}, {1L << 62, 1}}) {
            var object = PickleBytes.pickle().global("torch._utils", "_rebuild_tensor").ops("((").text("storage")
                    .global("torch", "FloatStorage").text("k").text("cpu").integer(4).ops("(").text("v")
                    .integer(window[0]).integer(window[1]).ops("ttQ").integer(0).tuple(2).tuple(1).ops("tR");
            var file = legacy(object, PickleBytes.pickle().ops("]").text("k").ops("a"),
                    counted(4, floats(0, 1, 2, 3)));
            if (window[0] == 1) {
                assertArrayEquals(new float[] {1, 2}, Samples.read(file).tensor("sample").toFloats());
            } else {
                assertTrue(Samples.refusal(file).contains("view of storage k reaches outside it"));
            }
        }
    }

    @Test
    void pickledBlobsHoldStorages() throws IOException {
        var blob = legacy(PickleBytes.pickle().storage("k", 2), PickleBytes.pickle().ops("]").text("k").ops("a"),
                counted(2, floats(6, 7)));
        var read = Samples.read(PickleBytes.pickle().global("torch._utils", "_rebuild_tensor_v2").op('(')
                .global("torch.storage", "_load_from_bytes").bytes(blob).op(0x85).ops("R")
                .integer(0).tuple(1, 2).tuple(2, 1).op(0x89).ops("}tR").stop());
        assertEquals("pickle", read.format());
        assertArrayEquals(new float[] {6, 7}, read.tensor("sample").toFloats());

        var inside = legacy(PickleBytes.pickle().global("torch.storage", "_load_from_bytes").bytes(blob).op(0x85)
                .ops("R"), PickleBytes.pickle().ops("]"), new byte[0]);
        assertTrue(Samples.refusal(PickleBytes.pickle().global("torch.storage", "_load_from_bytes").bytes(inside)
                .op(0x85).ops("R").stop()).contains("a pickle inside a pickle inside a pickle"));
        assertTrue(Samples.refusal(PickleBytes.pickle().global("torch.storage", "_load_from_bytes").bytes(new byte[9])
                .op(0x85).ops("R").stop()).contains("not saved by torch"));
    }

    /** A module's attributes; both tensors are views of storage 0. */
    private static PickleBytes module(PickleBytes pickle, String parameter, PickleBytes children) {
        return pickle.ops("}(").text("_parameters").ops("}(").text(parameter)
                .global("torch._utils", "_rebuild_parameter").op('(').tensor("0", 4, 0, FOUR, ONE).op(0x88).ops("}tR")
                .text("absent").ops("Nu").text("_buffers").ops("}(").text("kept").tensor("0", 4, 1, ONE, ONE)
                .text("dropped").tensor("0", 4, 2, ONE, ONE).ops("u")
                .text("_non_persistent_buffers_set").op(0x8f).op('(').text("dropped").op(0x90)
                .text("_init_kwargs").ops("}").text("z_dim").ops("K\40s")
                .text("_modules").raw(children.toBytes()).ops("u");
    }

    @Test
    void modulesSavedWholeAreStateDicts() throws IOException {
        var child = new PickleBytes().ops("}").text("sub").global("torch.nn.modules.linear", "Linear").ops(")")
                .op(0x81);
        module(child, "weight", new PickleBytes().ops("}")).ops("bs");
        var root = PickleBytes.pickle().global("torch_utils.persistence", "_reconstruct_persistent_obj").ops("}(")
                .text("class_name").text("Generator").text("module_src").text("import os").text("state");
        module(root, "const", child).op('u').op(0x85).ops("R");
        var network = NvlabsNetwork.of(Samples.read(zip(root))).get("");
        assertEquals("Generator", network.className());
        assertEquals(Map.of("z_dim", 32L), network.initKwargs());
        assertEquals(List.of("const", "kept", "sub.weight", "sub.kept"), List.copyOf(network.state().keySet()));
        assertArrayEquals(new float[] {1}, network.state().get("sub.kept").toFloats());
    }
}
