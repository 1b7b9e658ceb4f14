package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file beside its target and moves it there when it is complete, so that no half-written file remains. */
final class AtomicFile {
    private static final int CHUNK = 1 << 24;

    /** Writes the content. */
    interface Body {
        void writeTo(Out out) throws IOException;
    }

    /** Sequential output that knows its position. */
    static final class Out {
        private final FileChannel channel;
        private long position;

        private Out(FileChannel channel) {
            this.channel = channel;
        }

        long position() {
            return position;
        }

        void write(byte[] bytes) throws IOException {
            write(ByteBuffer.wrap(bytes));
        }

        void write(MemorySegment bytes) throws IOException {
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                write(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
            }
        }

        private void write(ByteBuffer buffer) throws IOException {
            while (buffer.hasRemaining()) {
                position += channel.write(buffer);
            }
        }
    }

    private AtomicFile() {
    }

    static void write(Path target, Body body) throws IOException {
        var temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.writeTo(new Out(channel));
            }
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
