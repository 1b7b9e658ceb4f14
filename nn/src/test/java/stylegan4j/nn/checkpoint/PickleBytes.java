package stylegan4j.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Assembles pickles by hand, honest and hostile ones. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static PickleBytes pickle() {
        return new PickleBytes().op(0x80).op(2);
    }

    PickleBytes op(int... opcodes) {
        for (int opcode : opcodes) {
            out.write(opcode);
        }
        return this;
    }

    /** Opcodes that are printable characters. */
    PickleBytes ops(String opcodes) {
        out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleBytes global(String module, String name) {
        return ops("c" + module + "\n" + name + "\n");
    }

    PickleBytes text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return op('X').raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array())
                .raw(bytes);
    }

    PickleBytes bytes(byte[] bytes) {
        return op('B').raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length).array())
                .raw(bytes);
    }

    PickleBytes integer(long value) {
        return op(0x8a, 8).raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }

    PickleBytes tuple(long... values) {
        op('(');
        for (long value : values) {
            integer(value);
        }
        return op('t');
    }

    PickleBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** A float32 tensor as torch pickles it, over a storage of this key and declared size. */
    PickleBytes tensor(String key, long declared, long offset, long[] shape, long[] strides) {
        return global("torch._utils", "_rebuild_tensor_v2").op('(').storage(key, declared)
                .integer(offset).tuple(shape).tuple(strides).op(0x89)
                .global("collections", "OrderedDict").ops(")RtR");
    }

    PickleBytes storage(String key, long declared) {
        return op('(').text("storage").global("torch", "FloatStorage").text(key).text("cuda:0").integer(declared)
                .ops("tQ");
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    byte[] stop() {
        return op('.').toBytes();
    }
}
