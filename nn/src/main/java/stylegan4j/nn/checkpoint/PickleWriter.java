package stylegan4j.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pickles plain data and tensors in protocol 2, the way torch does. Tensors become references to {@link #storages}. */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, StoredTensor> storages = new LinkedHashMap<>();
    private final boolean legacy;

    /**
     * @param legacy whether persistent ids have the legacy format's sixth field
     */
    PickleWriter(boolean legacy) {
        this.legacy = legacy;
        out.write(0x80);
        out.write(2);
    }

    /** A whole pickle of plain data. */
    static byte[] pickle(Object plain) {
        var writer = new PickleWriter(false);
        writer.write(plain);
        return writer.toBytes();
    }

    /** The finished pickle. */
    byte[] toBytes() {
        out.write('.');
        return out.toByteArray();
    }

    /** The tensors written so far, by storage key. */
    Map<String, StoredTensor> storages() {
        return storages;
    }

    /** Appends one value; a pickle is exactly one. */
    void write(Object value) {
        switch (value) {
            case null -> out.write('N');
            case Boolean truth -> out.write(truth ? 0x88 : 0x89);
            case Integer number -> integer(number);
            case Long number -> integer(number);
            case BigInteger number -> integer(number);
            case Float number -> real(number);
            case Double number -> real(number);
            case String text -> text(text);
            case StoredTensor tensor -> tensor(tensor);
            case Map<?, ?> map -> map(map);
            case List<?> list -> list(list);
            default -> throw new IllegalArgumentException("torch file: cannot hold a " + value.getClass().getName());
        }
    }

    private void integer(long value) {
        if (value == (int) value) {
            out.write('J');
            out.writeBytes(littleEndian((int) value));
        } else {
            integer(BigInteger.valueOf(value));
        }
    }

    private void integer(BigInteger value) {
        var bytes = value.toByteArray();
        if (bytes.length > 255) {
            throw new IllegalArgumentException("torch file: integer of " + bytes.length + " bytes");
        }
        out.write(0x8a);
        out.write(bytes.length);
        for (int i = bytes.length - 1; i >= 0; i--) {
            out.write(bytes[i]);
        }
    }

    private void real(double value) {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
    }

    private void text(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeBytes(littleEndian(bytes.length));
        out.writeBytes(bytes);
    }

    private void global(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void map(Map<?, ?> map) {
        out.writeBytes(new byte[] {'}', '('});
        map.forEach((key, value) -> {
            write(key);
            write(value);
        });
        out.write('u');
    }

    private void list(List<?> list) {
        out.writeBytes(new byte[] {']', '('});
        list.forEach(this::write);
        out.write('e');
    }

    /** {@code _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)}. */
    private void tensor(StoredTensor tensor) {
        var key = String.valueOf(storages.size());
        storages.put(key, tensor);
        global("torch._utils", "_rebuild_tensor_v2");
        out.writeBytes(new byte[] {'(', '('});
        text("storage");
        global("torch", tensor.dtype().torchStorage());
        text(key);
        text("cpu");
        integer(tensor.elements());
        if (legacy) {
            out.write('N');
        }
        out.writeBytes(new byte[] {'t', 'Q'});
        integer(0);
        tuple(tensor.shape());
        tuple(Shapes.rowMajor(tensor.shape()));
        out.write(0x89);
        global("collections", "OrderedDict");
        out.writeBytes(new byte[] {')', 'R', 't', 'R'});
    }

    private void tuple(long[] values) {
        out.write('(');
        for (long value : values) {
            integer(value);
        }
        out.write('t');
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    static byte[] littleEndian(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }
}
