package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes an archive of stored (not compressed) entries whose bytes begin at multiples of 64, for memory mapping. */
final class ZipWriter {
    private static final int ALIGNMENT = 64;
    private static final int CHUNK = 1 << 24;
    private static final int UTF8_NAMES = 0x800;
    private static final int JANUARY_1980 = 0x21;
    private static final long ZIP64_FROM = 0xffffffffL;
    /** The extra field torch pads with, too. */
    private static final short PADDING_FIELD = 0x4246;

    private record Entry(byte[] name, int crc, long size, long header) {
    }

    private final AtomicFile.Out out;
    private final List<Entry> entries = new ArrayList<>();

    ZipWriter(AtomicFile.Out out) {
        this.out = out;
    }

    /** Adds an entry made of these parts. */
    void entry(String name, MemorySegment... parts) throws IOException {
        var crc = new CRC32();
        long size = 0;
        for (var part : parts) {
            size += part.byteSize();
            for (long at = 0; at < part.byteSize(); at += CHUNK) {
                crc.update(part.asSlice(at, Math.min(CHUNK, part.byteSize() - at)).asByteBuffer());
            }
        }
        var entry = new Entry(name.getBytes(StandardCharsets.UTF_8), (int) crc.getValue(), size, out.position());
        entries.add(entry);
        writeLocalHeader(entry);
        for (var part : parts) {
            out.write(part);
        }
    }

    private void writeLocalHeader(Entry entry) throws IOException {
        boolean large = entry.size >= ZIP64_FROM;
        int sizes = large ? 20 : 0;
        long unpadded = out.position() + 30 + entry.name.length + sizes + 4;
        int padding = (int) ((ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT);
        var header = buffer(30 + entry.name.length + sizes + 4 + padding).putInt(0x04034b50);
        putCommon(header, large, entry.crc, entry.size, entry.name.length, sizes + 4 + padding);
        header.put(entry.name);
        if (large) {
            header.putShort((short) 1).putShort((short) 16).putLong(entry.size).putLong(entry.size);
        }
        header.putShort(PADDING_FIELD).putShort((short) padding);
        out.write(header.array());
    }

    /** The part that local and central headers share: version to length of the extra field. */
    private static void putCommon(ByteBuffer header, boolean zip64, int crc, long size, int name, int extra) {
        int size32 = (int) Math.min(size, ZIP64_FROM);
        header.putShort((short) (zip64 ? 45 : 20)).putShort((short) UTF8_NAMES).putShort((short) 0);
        header.putShort((short) 0).putShort((short) JANUARY_1980).putInt(crc).putInt(size32).putInt(size32);
        header.putShort((short) name).putShort((short) extra);
    }

    /** Writes the directory; nothing can be added afterwards. */
    void end() throws IOException {
        long directory = out.position();
        for (var entry : entries) {
            writeCentralHeader(entry);
        }
        long size = out.position() - directory;
        int count = entries.size();
        if (directory + size >= ZIP64_FROM || count >= 0xffff) {
            long end64 = out.position();
            out.write(buffer(76).putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0)
                    .putInt(0).putLong(count).putLong(count).putLong(size).putLong(directory)
                    .putInt(0x07064b50).putInt(0).putLong(end64).putInt(1).array());
        }
        short count16 = (short) Math.min(count, 0xffff);
        out.write(buffer(22).putInt(0x06054b50).putInt(0).putShort(count16).putShort(count16)
                .putInt((int) Math.min(size, ZIP64_FROM)).putInt((int) Math.min(directory, ZIP64_FROM))
                .putShort((short) 0).array());
    }

    private void writeCentralHeader(Entry entry) throws IOException {
        boolean largeSize = entry.size >= ZIP64_FROM;
        boolean large = largeSize || entry.header >= ZIP64_FROM;
        int extra = large ? 4 + (largeSize ? 16 : 0) + (entry.header >= ZIP64_FROM ? 8 : 0) : 0;
        var header = buffer(46 + entry.name.length + extra).putInt(0x02014b50).putShort((short) (large ? 45 : 20));
        putCommon(header, large, entry.crc, entry.size, entry.name.length, extra);
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        header.putInt((int) Math.min(entry.header, ZIP64_FROM)).put(entry.name);
        if (large) {
            header.putShort((short) 1).putShort((short) (extra - 4));
            if (largeSize) {
                header.putLong(entry.size).putLong(entry.size);
            }
            if (entry.header >= ZIP64_FROM) {
                header.putLong(entry.header);
            }
        }
        out.write(header.array());
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
