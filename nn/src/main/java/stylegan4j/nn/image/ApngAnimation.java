package stylegan4j.nn.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import stylegan4j.nn.NewFile;

/**
 * Animated PNG (APNG 1.0, now part of the PNG specification, third edition): the frames are ordinary PNGs taken apart,
 * the first one's data being what other readers show.
 */
final class ApngAnimation extends Animation {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final String HEADER = "IHDR";
    private static final String DATA = "IDAT";
    private static final int DELAY_UNITS = 100;

    private final NewFile target;
    private final RandomAccessFile out;
    private final short framesPer100Seconds;
    private final int loops;
    private long controlPosition;
    private int sequence;

    ApngAnimation(Path file, double framesPerSecond, int loops) throws IOException {
        super(file);
        this.target = new NewFile(file);
        this.out = new RandomAccessFile(target.path().toFile(), "rw");
        this.framesPer100Seconds = (short) Math.max(1, Math.round(framesPerSecond * DELAY_UNITS));
        this.loops = loops;
    }

    @Override
    void write(Image frame, int index) throws IOException {
        ByteBuffer png = encode(frame);
        png.position(SIGNATURE.length);
        boolean controlled = false;
        while (png.hasRemaining()) {
            int length = png.getInt();
            String type = readType(png);
            byte[] data = new byte[length];
            png.get(data).getInt();
            if (type.equals(HEADER) && index == 0) {
                out.write(SIGNATURE);
                writeChunk(HEADER, data);
                controlPosition = out.getFilePointer();
                writeAnimationControl(0);
            } else if (type.equals(DATA)) {
                if (!controlled) {
                    writeFrameControl(frame);
                    controlled = true;
                }
                writeData(data, index);
            }
        }
    }

    @Override
    void complete(int frameCount) throws IOException {
        writeChunk("IEND", new byte[0]);
        // The number of frames stands before them, and is known only now.
        out.seek(controlPosition);
        writeAnimationControl(frameCount);
        out.close();
        target.commit();
    }

    @Override
    public void close() throws IOException {
        out.close();
        target.close();
    }

    private static ByteBuffer encode(Image frame) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(Images.toBuffered(frame), "png", bytes);
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static String readType(ByteBuffer png) {
        var type = new byte[4];
        png.get(type);
        return new String(type, StandardCharsets.US_ASCII);
    }

    private void writeAnimationControl(int frames) throws IOException {
        writeChunk("acTL", ByteBuffer.allocate(8).putInt(frames).putInt(loops).array());
    }

    /** The whole canvas, left in place after its time and put over what was there without blending. */
    private void writeFrameControl(Image frame) throws IOException {
        writeChunk("fcTL", ByteBuffer.allocate(26).putInt(sequence++).putInt(frame.width()).putInt(frame.height())
                .putInt(0).putInt(0).putShort((short) DELAY_UNITS).putShort(framesPer100Seconds)
                .put((byte) 0).put((byte) 0).array());
    }

    private void writeData(byte[] data, int index) throws IOException {
        if (index == 0) {
            writeChunk(DATA, data);
        } else {
            writeChunk("fdAT", ByteBuffer.allocate(4 + data.length).putInt(sequence++).put(data).array());
        }
    }

    private void writeChunk(String type, byte[] data) throws IOException {
        byte[] chunk = ByteBuffer.allocate(12 + data.length).putInt(data.length)
                .put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
        var crc = new CRC32();
        crc.update(chunk, 4, 4 + data.length);
        ByteBuffer.wrap(chunk).putInt(8 + data.length, (int) crc.getValue());
        out.write(chunk);
    }
}
