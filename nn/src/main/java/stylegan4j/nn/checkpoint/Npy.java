package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * numpy's format of one array, versions 1 to 3
 * (<a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">specification</a>).
 */
public final class Npy {
    private static final int[] MAGIC = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int LONGEST_HEADER = 1 << 20;

    private Npy() {
    }

    static boolean matches(Source source) {
        return source.startsWith(0, MAGIC);
    }

    static Checkpoint read(Source source) throws CheckpointException {
        return new Checkpoint(source, "npy", parse(source), Map.of());
    }

    /** Parses one array which must fill the source. */
    static StoredTensor parse(Source source) throws CheckpointException {
        if (!matches(source)) {
            throw source.error("not an npy array");
        }
        source.seek(MAGIC.length);
        int version = source.u8();
        source.u8();
        if (version < 1 || version > 3) {
            throw source.error("npy version " + version + " is not supported");
        }
        long headerSize = version == 1 ? source.u16() : source.u32();
        if (headerSize > LONGEST_HEADER) {
            throw source.error("npy header of " + headerSize + " bytes");
        }
        var header = NpyHeader.parse(source, StandardCharsets.ISO_8859_1.decode(
                source.take(headerSize).asByteBuffer()).toString());
        long elements = Shapes.elements(header.shape());
        var data = source.take(source.remaining());
        int size = header.dtype().byteSize();
        if (elements < 0 || elements > data.byteSize() / size || elements * size != data.byteSize()) {
            throw source.error("npy array " + header.dtype() + Arrays.toString(header.shape())
                    + " does not take the " + data.byteSize() + " bytes that follow its header");
        }
        var strides = header.fortranOrder() ? Shapes.columnMajor(header.shape()) : Shapes.rowMajor(header.shape());
        return StoredTensor.view(header.dtype(), header.bigEndian() ? littleEndian(data, size) : data, 0,
                header.shape(), strides);
    }

    /** A copy with the bytes of each element reversed. */
    static MemorySegment littleEndian(MemorySegment bigEndian, int elementSize) {
        var out = Arena.ofAuto().allocate(bigEndian.byteSize(), ALIGNMENT);
        for (long i = 0; i < bigEndian.byteSize(); i += elementSize) {
            switch (elementSize) {
                case 8 -> out.set(StoredType.LONG, i, Long.reverseBytes(bigEndian.get(StoredType.LONG, i)));
                case 4 -> out.set(StoredType.INT, i, Integer.reverseBytes(bigEndian.get(StoredType.INT, i)));
                case 2 -> out.set(StoredType.SHORT, i, Short.reverseBytes(bigEndian.get(StoredType.SHORT, i)));
                default -> throw new IllegalArgumentException("littleEndian: element size " + elementSize);
            }
        }
        return out;
    }

    /**
     * Writes one array.
     *
     * @throws IllegalArgumentException if numpy has no such element type (bfloat16)
     */
    public static void write(Path file, StoredTensor tensor) throws IOException {
        var header = header(tensor);
        AtomicFile.write(file, out -> {
            out.write(header);
            out.write(tensor.data());
        });
    }

    /** Everything that comes before the array's bytes. */
    static byte[] header(StoredTensor tensor) {
        if (tensor.dtype().numpyDescr() == null) {
            throw new IllegalArgumentException("npy: numpy has no element type for " + tensor);
        }
        var dimensions = Arrays.stream(tensor.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        var shape = "(" + dimensions + (tensor.shape().length == 1 ? ",)" : ")");
        var text = "{'descr': '" + tensor.dtype().numpyDescr() + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int prefix = MAGIC.length + 4;
        int size = (prefix + text.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
        var header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (int b : MAGIC) {
            header.put((byte) b);
        }
        header.put((byte) 1).put((byte) 0).putShort((short) (size - prefix));
        header.put(text.getBytes(StandardCharsets.US_ASCII));
        while (header.remaining() > 1) {
            header.put((byte) ' ');
        }
        return header.put((byte) '\n').array();
    }
}
