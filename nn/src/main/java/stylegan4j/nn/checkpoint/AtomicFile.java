package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import stylegan4j.nn.NewFile;

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
        NewFile.write(target, path -> {
            try (var channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.writeTo(new Out(channel));
            }
        });
    }
}
