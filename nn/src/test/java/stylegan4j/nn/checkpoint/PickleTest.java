package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleTest {
    /** Hostile pickles must be refused soon, not only at last. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static Object root(PickleBytes pickle) throws CheckpointException {
        return Samples.read(pickle.stop()).root();
    }

    private static PickleBytes pickle() {
        return PickleBytes.pickle();
    }

    @Test
    void readsScalars() throws CheckpointException {
        assertNull(root(pickle().op('N')));
        assertEquals(true, root(pickle().op(0x88)));
        assertEquals(-2L, root(pickle().op('J', 0xfe, 0xff, 0xff, 0xff)));
        assertEquals(65535L, root(pickle().op('M', 0xff, 0xff)));
        assertEquals(0L, root(pickle().op(0x8a, 0)));
        assertEquals(-256L, root(pickle().op(0x8a, 2, 0, 0xff)));
        assertEquals(BigInteger.ONE.shiftLeft(64), root(pickle().op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)));
        assertEquals(-0.5, root(pickle().op('G', 0xbf, 0xe0, 0, 0, 0, 0, 0, 0)));
        assertEquals("漢 é", root(pickle().text("漢 é")));
        assertEquals("é", root(pickle().op('U', 1, 0xe9)), "Python 2 strings are Latin-1");
        assertEquals("b", root(pickle().op('U', 1, 'a', '0', 'U', 1, 'b')), "popped");
    }

    @Test
    void readsContainers() throws CheckpointException {
        assertEquals(List.of(1L, List.of(2L, 3L), List.of()), root(pickle().ops("](K\1K\2K\3").op(0x86).ops(")e")));
        assertEquals(Map.of("k", List.of("v"), "7", 8L),
                root(pickle().ops("}(").text("k").ops("]").text("v").ops("aK\7K\10u")));
        assertEquals(Set.of(1L, 2L), root(pickle().op(0x8f).ops("(K\1K\2").op(0x90)));
        assertEquals(Set.of(1L), root(pickle().global("builtins", "set").ops("]K\1a").op(0x85).ops("R")));
        assertEquals(Map.of("a", 1L), root(pickle().global("collections", "OrderedDict").ops("]]").text("a")
                .ops("aK\1aa").op(0x85).ops("R")));
        assertEquals(Map.of("a", 1L), root(pickle().global("collections", "defaultdict").global("builtins", "list")
                .op(0x85).ops("R").text("a").ops("K\1s")));
        assertEquals(Map.of("z", 1L), root(pickle().global("dnnlib.util", "EasyDict").ops(")").op(0x81)
                .text("z").ops("K\1s}b")), "attributes of a dictionary's subclass are dropped");
    }

    @Test
    void keepsListedClassesAsData() throws CheckpointException {
        var args = assertInstanceOf(PickledObject.class, root(pickle().global("argparse", "Namespace").ops(")")
                .op(0x81).ops("}").text("size").ops("K\40sb")));
        assertEquals("argparse.Namespace", args.className());
        assertEquals(Map.of("size", 32L), args.attributes());
        var device = assertInstanceOf(PickledObject.class,
                root(pickle().global("torch", "device").text("cpu").op(0x85).ops("R")));
        assertEquals(List.of("cpu"), device.args());
        assertEquals(Map.of(), device.attributes());
    }

    @Test
    void rememberedObjectsStayOneObject() throws CheckpointException {
        var list = (List<?>) root(pickle().ops("](]q\1K\5ah\1e"));
        assertEquals(List.of(List.of(5L), List.of(5L)), list);
        assertTrue(list.get(0) == list.get(1));
    }

    private static PickleBytes numpyArray(String dtype, String order, boolean fortran, byte[] data, long... shape) {
        return pickle().global("numpy.core.multiarray", "_reconstruct").global("numpy", "ndarray").tuple(0)
                .op('U', 1, 'b').op(0x87).ops("R(K\1").tuple(shape)
                .global("numpy", "dtype").op('U', dtype.length()).ops(dtype).ops("K\0K\1").op(0x87).ops("R(K\3")
                .text(order).ops("NNNJ\377\377\377\377J\377\377\377\377K\0tb").op(fortran ? 0x88 : 0x89)
                .bytes(data).ops("tb");
    }

    @Test
    void readsNumpyArrays() throws CheckpointException {
        var little = (StoredTensor) root(numpyArray("i2", "<", true, new byte[] {1, 0, 3, 0, 2, 0, 4, 0}, 2, 2));
        assertArrayEquals(new float[] {1, 2, 3, 4}, little.toFloats());
        var big = (StoredTensor) root(numpyArray("i2", ">", false, new byte[] {0, 1, 1, 0}, 2));
        assertArrayEquals(new float[] {1, 256}, big.toFloats());
        for (long[] shape : new long[][] {{3}, {-2}, {1L << 32, 1L << 32}, {1L << 60}}) {
            var message = Samples.refusal(numpyArray("i2", "<", false, new byte[4], shape).stop());
            assertTrue(message.contains("numpy array"), message);
        }
    }

    @Test
    void readsNumpyScalars() throws CheckpointException {
        assertEquals(258L, root(pickle().global("numpy.core.multiarray", "scalar").global("numpy", "dtype")
                .text("u1").op(0x85).ops("R").bytes(new byte[] {5}).op(0x86).ops("R0M\2\1")));
        assertEquals(1.5, root(pickle().global("numpy.core.multiarray", "scalar").global("numpy", "dtype")
                .text("f4").op(0x85).ops("R").bytes(new byte[] {0, 0, (byte) 0xc0, 0x3f}).op(0x86).ops("R")));
        assertTrue(Samples.refusal(pickle().global("numpy.core.multiarray", "scalar").global("numpy", "dtype")
                .text("f8").op(0x85).ops("R").bytes(new byte[3]).op(0x86).ops("R").stop()).contains("scalar"));
    }

    @Test
    void readsBytes() throws CheckpointException {
        var bytes = (MemorySegment) root(pickle().global("_codecs", "encode").text("\0\u00ff").text("latin1").op(0x86)
                .ops("R"));
        assertArrayEquals(new byte[] {0, (byte) 0xff}, bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    @ParameterizedTest
    @CsvSource({"os, system", "posix, system", "builtins, eval", "builtins, getattr", "builtins, __import__",
        "subprocess, Popen", "torch.hub, load", "torch, load", "torch.nn.modules.linear, Linear.forward",
        "torch.nn.modules.module, __class__.__base__", "torch.nn.modules, x", "training.networks, _x.y",
        "torch._utils, _rebuild_sparse_tensor", "numpy, load", "functools, partial", "operator, attrgetter"})
    void refusesEverythingElseByName(String module, String name) {
        var reason = "refused: the pickle asks for " + module + "." + name;
        assertTrue(Samples.refusal(pickle().global(module, name).text("x").op(0x85).ops("R").stop()).contains(reason));
        assertTrue(Samples.refusal(pickle().text(module).text(name).op(0x93).stop()).contains(reason));
    }

    @Test
    void listedNamesCannotBeAbused() {
        assertTrue(Samples.refusal(pickle().global("builtins", "int").text("1").op(0x85).ops("R").stop())
                .contains("call of builtins.int"));
        assertTrue(Samples.refusal(pickle().global("torch._tensor", "_rebuild_from_type_v2")
                .global("builtins", "list").ops("N))(tR").stop()).contains("malformed pickle"));
        assertTrue(Samples.refusal(pickle().text("x").ops(")R").stop()).contains("call of something that is no class"));
    }

    @Test
    void explainsTensorflowPickles() {
        var message = Samples.refusal(pickle().global("dnnlib.tflib.network", "Network").stop());
        assertTrue(message.contains("old TensorFlow network pickle") && message.contains("legacy.py"), message);
    }

    @ParameterizedTest
    @CsvSource(value = {"(", "0", "1", "2", "a", "e", "s", "u", "b", "R", "h\7", "Q", "t", "]K\1s", "}K\1a", "}(K\1u",
        "K\1)b", "}]K\1s", "X\377\377\377\177", "B\377\377\377\377", "]]u", "N)R", "q\1", "\200\11", "~"})
    void refusesMalformedPrograms(String ops) {
        Samples.refusal(pickle().ops(ops).stop());
    }

    @Test
    void refusesSizesBeyondTheFile() {
        for (int opcode : new int[] {0x8d, 0x8e, 0x96}) {
            for (long size : new long[] {1L << 60, -1, Long.MIN_VALUE, 1L << 32}) {
                var bytes = pickle().op(opcode);
                for (int i = 0; i < 8; i++) {
                    bytes.op((int) (size >> 8 * i));
                }
                Samples.refusal(bytes.stop());
            }
        }
        Samples.refusal(pickle().op(0x8b, 0xff, 0xff, 0xff, 0x7f).stop());
        Samples.refusal(pickle().op(0x8b, 0xff, 0xff, 0xff, 0xff).stop());
    }

    @Test
    void refusesObjectsThatContainThemselves() {
        assertTrue(Samples.refusal(pickle().ops("]q\1h\1a").stop()).contains("contains itself"));
        assertTrue(Samples.refusal(pickle().ops("}q\1").text("me").ops("h\1s").stop()).contains("contains itself"));
        assertTrue(Samples.refusal(pickle().global("argparse", "Namespace").ops(")").op(0x81).ops("q\1}").text("me")
                .ops("h\1sb").stop()).contains("contains itself"));
    }

    @Test
    void refusesBottomlessNesting() {
        var nested = new byte[1_000_000];
        Arrays.fill(nested, (byte) ']');
        var unnest = new byte[nested.length - 1];
        Arrays.fill(unnest, (byte) 'a');
        assertTrue(Samples.refusal(pickle().raw(nested).raw(unnest).stop()).contains("nested more than"));
    }

    /** Fifty lists, each holding the one before it twice: 2^50 ways to the first. The last remains on the stack. */
    private static PickleBytes doublingLists(PickleBytes pickle) {
        pickle.ops("]q\0");
        for (int i = 1; i < 50; i++) {
            pickle.ops("0](").op('h', i - 1, 'h', i - 1, 'e', 'q', i);
        }
        return pickle;
    }

    @Test
    void refusesExponentialFiles() {
        assertTimeoutPreemptively(SOON, () -> assertTrue(
                Samples.refusal(doublingLists(pickle()).stop()).contains("objects")));
        assertTimeoutPreemptively(SOON, () -> assertTrue(
                Samples.refusal(doublingLists(pickle().ops("}")).ops("Ns").stop()).contains("as a key")));
    }

    @Test
    void refusesFloodsOfObjects() {
        var flood = new byte[5_000_000];
        Arrays.fill(flood, (byte) '}');
        assertTrue(Samples.refusal(pickle().raw(flood).stop()).contains("objects"));
    }

    @Test
    void refusesToCopyOverAndOver() {
        var list = new byte[2_000_000];
        Arrays.fill(list, (byte) 'N');
        var copies = pickle().global("builtins", "list").ops("q\1](").raw(list).ops("e").op(0x85).ops("q\2(");
        for (int i = 0; i < 1000; i++) {
            copies.ops("h\1h\2R");
        }
        assertTimeoutPreemptively(SOON, () -> assertTrue(Samples.refusal(copies.ops("t").stop()).contains("objects")));
    }
}
