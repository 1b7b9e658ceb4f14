package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stretch of a memory-mapped file with a reading position. Every read is checked against the bytes there are, and a
 * failure names the file.
 */
final class Source {
    private final Path file;
    private final long fileSize;
    private final String part;
    private final MemorySegment bytes;
    private long position;

    private Source(Path file, long fileSize, String part, MemorySegment bytes) {
        this.file = file;
        this.fileSize = fileSize;
        this.part = part;
        this.bytes = bytes;
    }

    /** Maps a whole file, without reading it. The mapping lives as long as any slice of it is reachable. */
    static Source map(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(file, "is a folder");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
        }
    }

    /** A whole file whose bytes are already in memory. */
    static Source of(Path file, MemorySegment bytes) {
        return new Source(file, bytes.byteSize(), "", bytes);
    }

    /** Other bytes of the same file, for example an entry of an archive, with its name for messages. */
    Source over(String part, MemorySegment bytes) {
        return new Source(file, fileSize, part, bytes);
    }

    Path file() {
        return file;
    }

    long fileSize() {
        return fileSize;
    }

    MemorySegment bytes() {
        return bytes;
    }

    long size() {
        return bytes.byteSize();
    }

    long position() {
        return position;
    }

    long remaining() {
        return size() - position;
    }

    CheckpointException error(String reason) {
        return new CheckpointException(file, part.isEmpty() ? reason : part + ": " + reason);
    }

    CheckpointException error(String tensor, String reason) {
        return new CheckpointException(file, tensor, reason);
    }

    void seek(long target) throws CheckpointException {
        if (target < 0 || target > size()) {
            throw error("malformed: position " + target + " lies outside " + size() + " bytes");
        }
        position = target;
    }

    /** Whether these bytes stand at an offset. */
    boolean startsWith(long offset, int... expected) {
        if (offset < 0 || offset > size() - expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The next bytes, not copied. The count is the file's word, and is checked. */
    MemorySegment take(long count) throws CheckpointException {
        if (count < 0 || count > remaining()) {
            throw error("truncated or malformed: " + Long.toUnsignedString(count) + " bytes expected at offset "
                    + position + ", " + remaining() + " left");
        }
        var slice = bytes.asSlice(position, count);
        position += count;
        return slice;
    }

    int u8() throws CheckpointException {
        return take(1).get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    }

    int u16() throws CheckpointException {
        return take(2).get(StoredType.SHORT, 0) & 0xffff;
    }

    int i32() throws CheckpointException {
        return take(4).get(StoredType.INT, 0);
    }

    long u32() throws CheckpointException {
        return i32() & 0xffffffffL;
    }

    long i64() throws CheckpointException {
        return take(8).get(StoredType.LONG, 0);
    }
}
