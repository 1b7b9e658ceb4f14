package stylegan4j.nn.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive inside a mapped file. Stored entries are slices of the mapping; no size in the archive is believed
 * before it has been held against the bytes there are (PKWARE APPNOTE, sections 4.3 to 4.5).
 */
final class Zip {
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int END_RECORD = 0x06054b50;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64_RECORD = 0x06064b50;
    private static final int END_RECORD_SIZE = 22;
    private static final int END64_LOCATOR_SIZE = 20;
    private static final int CENTRAL_HEADER_SIZE = 46;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int MOST_ENTRIES = 1 << 20;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final long SAYS_ZIP64 = 0xffffffffL;
    /** Deflate cannot compress by more than this. */
    private static final long MOST_INFLATION = 1032;
    /** All entries together may take this much memory, or this many times the archive's size. */
    private static final long MOST_INFLATED = 256L << 20;
    private static final int MOST_TIMES_INFLATED = 16;

    private record Entry(int flags, int method, long compressed, long size, long header) {
    }

    private final Source source;
    private final Map<String, Entry> entries;
    private final AtomicLong inflated;

    private Zip(Source source, Map<String, Entry> entries, AtomicLong inflated) {
        this.source = source;
        this.entries = entries;
        this.inflated = inflated;
    }

    static boolean matches(Source source) {
        return source.startsWith(0, 'P', 'K', 3, 4) || source.startsWith(0, 'P', 'K', 5, 6);
    }

    static Zip open(Source source) throws CheckpointException {
        var zip = new Zip(source, new LinkedHashMap<>(), new AtomicLong());
        zip.readDirectory();
        return zip;
    }

    /** The same archive, its messages about what is wrong with it beginning with this. */
    Zip about(String part) {
        return new Zip(source.over(part, source.bytes()), entries, inflated);
    }

    Source source() {
        return source;
    }

    Set<String> names() {
        return entries.keySet();
    }

    private void readDirectory() throws CheckpointException {
        long end = findEnd();
        source.seek(end + 10);
        long count = source.u16();
        long directorySize = source.u32();
        long directory = source.u32();
        if (end >= END64_LOCATOR_SIZE && u32At(end - END64_LOCATOR_SIZE) == END64_LOCATOR) {
            source.seek(end - END64_LOCATOR_SIZE + 8);
            source.seek(source.i64());
            if (source.i32() != END64_RECORD) {
                throw source.error("malformed zip: no zip64 end record where its locator says");
            }
            source.seek(source.position() + 28);
            count = source.i64();
            directorySize = source.i64();
            directory = source.i64();
        }
        if (directorySize < 0 || count < 0 || count > directorySize / CENTRAL_HEADER_SIZE
                || count > MOST_ENTRIES) {
            throw source.error("malformed zip: " + count + " entries in a directory of " + directorySize + " bytes");
        }
        source.seek(directory);
        var records = source.over("zip directory", source.take(directorySize));
        for (long i = 0; i < count; i++) {
            readEntry(records);
        }
    }

    private int u32At(long offset) throws CheckpointException {
        source.seek(offset);
        return source.i32();
    }

    private long findEnd() throws CheckpointException {
        long last = source.size() - END_RECORD_SIZE;
        for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
            if (u32At(at) == END_RECORD) {
                return at;
            }
        }
        throw source.error("truncated zip: the end record is missing");
    }

    private void readEntry(Source records) throws CheckpointException {
        if (records.i32() != CENTRAL_HEADER) {
            throw source.error("malformed zip: the directory holds something else than an entry");
        }
        records.take(4);
        int flags = records.u16();
        int method = records.u16();
        records.take(8);
        long compressed = records.u32();
        long size = records.u32();
        int nameLength = records.u16();
        int extraLength = records.u16();
        int commentLength = records.u16();
        records.take(8);
        long header = records.u32();
        var name = StandardCharsets.UTF_8.decode(records.take(nameLength).asByteBuffer()).toString();
        var extra = records.over("zip entry " + name, records.take(extraLength));
        records.take(commentLength);
        while (extra.remaining() >= 4) {
            int tag = extra.u16();
            var field = records.over("zip entry " + name, extra.take(extra.u16()));
            if (tag == 1) {
                size = size == SAYS_ZIP64 ? field.i64() : size;
                compressed = compressed == SAYS_ZIP64 ? field.i64() : compressed;
                header = header == SAYS_ZIP64 ? field.i64() : header;
            }
        }
        if (entries.put(name, new Entry(flags, method, compressed, size, header)) != null) {
            throw source.error("zip entry " + name + " occurs twice");
        }
    }

    /**
     * An entry's bytes: a slice of the file if it is stored, otherwise inflated into memory.
     *
     * @throws CheckpointException if there is no such entry or its bytes are not all there
     */
    MemorySegment read(String name) throws CheckpointException {
        var entry = entries.get(name);
        if (entry == null) {
            throw source.error("zip entry " + name + " is missing");
        }
        checkSizes(name, entry);
        if ((entry.flags & ENCRYPTED) != 0) {
            throw source.error("zip entry " + name + " is encrypted");
        }
        if (entry.header < 0 || u32At(entry.header) != LOCAL_HEADER) {
            throw source.error("malformed zip: entry " + name + " is not where the directory says");
        }
        source.seek(entry.header + 26);
        int nameLength = source.u16();
        int extraLength = source.u16();
        source.take(nameLength + extraLength);
        var packed = source.take(entry.compressed);
        return switch (entry.method) {
            case STORED -> packed;
            case DEFLATED -> inflate(name, packed, entry.size);
            default -> throw source.error("zip entry " + name + " uses compression method " + entry.method);
        };
    }

    private void checkSizes(String name, Entry entry) throws CheckpointException {
        boolean fits = entry.compressed >= 0 && entry.compressed <= source.size() && entry.size >= 0;
        boolean possible = entry.method == STORED ? entry.size == entry.compressed
                : entry.size / MOST_INFLATION <= entry.compressed;
        if (!fits || !possible) {
            throw source.error("zip entry " + name + " claims " + Long.toUnsignedString(entry.size) + " bytes ("
                    + Long.toUnsignedString(entry.compressed) + " packed) in a file of " + source.size());
        }
    }

    private MemorySegment inflate(String name, MemorySegment packed, long size) throws CheckpointException {
        if (size > Integer.MAX_VALUE || packed.byteSize() > Integer.MAX_VALUE) {
            throw source.error("zip entry " + name + " is compressed and larger than 2 GiB");
        }
        if (inflated.addAndGet(size) > Math.max(MOST_INFLATED, MOST_TIMES_INFLATED * source.fileSize())) {
            throw source.error("zip entry " + name + " inflates the archive beyond measure");
        }
        var bytes = Arena.ofAuto().allocate(size, 64);
        var target = bytes.asByteBuffer();
        var inflater = new Inflater(true);
        try {
            inflater.setInput(packed.asByteBuffer());
            while (target.hasRemaining() && inflater.inflate(target) > 0) {
                continue;
            }
            if (target.hasRemaining() || !isAtEnd(inflater)) {
                throw source.error("zip entry " + name + " does not inflate to the " + size + " bytes it claims");
            }
        } catch (DataFormatException e) {
            throw source.error("zip entry " + name + " is corrupt: " + e.getMessage());
        } finally {
            inflater.end();
        }
        return bytes;
    }

    private static boolean isAtEnd(Inflater inflater) throws DataFormatException {
        return inflater.finished() || inflater.inflate(ByteBuffer.allocate(1)) == 0 && inflater.finished();
    }
}
