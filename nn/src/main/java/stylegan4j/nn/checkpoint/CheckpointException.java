package stylegan4j.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint that cannot be read or written; the message is one line: file, tensor if any, reason. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_MESSAGE = 600;

    /**
     * @param file   the file at fault
     * @param reason what is wrong with it
     */
    public CheckpointException(Path file, String reason) {
        super(oneLine(file + ": " + reason));
    }

    /**
     * @param file   the file at fault
     * @param tensor the tensor at fault, by its name in {@link Checkpoint#tensors()}
     * @param reason what is wrong with it
     */
    public CheckpointException(Path file, String tensor, String reason) {
        this(file, "tensor " + tensor + ": " + reason);
    }

    /** Names out of hostile files reach messages, so control characters must not reach a terminal. */
    private static String oneLine(String message) {
        var text = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "..." : message;
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    }
}
