package stylegan4j.nn.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A moving picture, written frame by frame as frames come:
 *
 * <pre>{@code
 * try (Animation animation = Animation.open(Path.of("walk.gif"), 25, 0)) {
 *     for (Image frame : frames) {
 *         animation.add(frame);
 *     }
 *     animation.finish();
 * }
 * }</pre>
 *
 * <p>Closed without {@link #finish}, a file does not appear.
 */
public abstract sealed class Animation implements Closeable permits ApngAnimation, FrameFolder, GifAnimation {
    private final Path file;
    private Image first;
    private int frames;

    Animation(Path file) {
        this.file = file;
    }

    /**
     * The kind of animation that the name's ending asks for: {@code .gif}; {@code .png} or {@code .apng}; any other
     * name is that of a folder, for single frames.
     *
     * @param framesPerSecond above 0; at most 50 in a GIF (more is slowed down by the browsers), 500 in an APNG
     * @param loops           how often it is played; 0 is for ever; of no meaning to a folder
     */
    public static Animation open(Path file, double framesPerSecond, int loops) throws ImageException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".gif")) {
            return gif(file, framesPerSecond, loops);
        }
        return name.endsWith(".png") || name.endsWith(".apng") ? apng(file, framesPerSecond, loops) : folder(file);
    }

    /** A GIF: 256 colours chosen for each frame, dithered; alpha is dropped. Parameters as in {@link #open}. */
    public static Animation gif(Path file, double framesPerSecond, int loops) throws ImageException {
        checkTiming(framesPerSecond, 50, loops);
        try {
            return new GifAnimation(file, framesPerSecond, loops);
        } catch (IOException e) {
            throw ImageException.unwritable(file, e);
        }
    }

    /** An animated PNG, without loss. Parameters as in {@link #open}. */
    public static Animation apng(Path file, double framesPerSecond, int loops) throws ImageException {
        checkTiming(framesPerSecond, 500, loops);
        try {
            return new ApngAnimation(file, framesPerSecond, loops);
        } catch (IOException e) {
            throw ImageException.unwritable(file, e);
        }
    }

    /** Single frames {@code 00000.png}, {@code 00001.png}, ... in a folder, which is made if need be. */
    public static Animation folder(Path folder) throws ImageException {
        try {
            return new FrameFolder(folder);
        } catch (IOException e) {
            throw ImageException.unwritable(folder, e);
        }
    }

    private static void checkTiming(double framesPerSecond, double most, int loops) {
        if (!(framesPerSecond > 0 && framesPerSecond <= most)) {
            throw new IllegalArgumentException("animation: framesPerSecond expected above 0 and at most " + most
                    + ", got " + framesPerSecond);
        }
        if (loops < 0 || loops > 0xffff) {
            throw new IllegalArgumentException("animation: loops expected 0 (for ever) to 65535, got " + loops);
        }
    }

    /**
     * Appends a frame.
     *
     * @throws IllegalArgumentException if its shape is not that of the first
     */
    public final void add(Image frame) throws ImageException {
        if (first == null) {
            first = frame;
        } else if (!frame.hasShapeOf(first)) {
            throw new IllegalArgumentException("animation: frame " + frames + " expected " + first
                    + " as the first, got " + frame);
        }
        try {
            write(frame, frames++);
        } catch (IOException e) {
            throw ImageException.unwritable(file, e);
        }
    }

    /**
     * Completes the file and puts it in its place.
     *
     * @throws IllegalStateException if no frame was added
     */
    public final void finish() throws ImageException {
        if (frames == 0) {
            throw new IllegalStateException("animation: no frame was added to " + file);
        }
        try {
            complete(frames);
        } catch (IOException e) {
            throw ImageException.unwritable(file, e);
        }
    }

    abstract void write(Image frame, int index) throws IOException;

    abstract void complete(int frameCount) throws IOException;
}
