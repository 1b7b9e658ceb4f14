package stylegan4j.stylegan.inversion;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;

/**
 * A {@link Journal} in one file, replaced whole from time to time. A state of other work than the one named is refused,
 * so that changed settings never go on from a state that does not belong to them.
 */
public final class FileJournal implements Journal {
    /** Saving may take a twentieth of the time. */
    private static final long SHARE = 20;

    private final Path file;
    private final String work;
    private final long interval;
    private long saved = System.nanoTime();
    private long cost;

    /**
     * @param work describes targets, network and settings
     * @param seconds from one state to the next, at least
     */
    public FileJournal(Path file, String work, double seconds) {
        this.file = file;
        this.work = work;
        this.interval = (long) (seconds * 1e9);
    }

    /** @throws UncheckedIOException with a {@link CheckpointException} if the file is no state of this work */
    @Override
    public InversionState load() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Checkpoint checkpoint = Checkpoints.read(file);
            Map<String, String> about = checkpoint.metadata();
            if (!about.containsKey("phase") || !about.containsKey("work")) {
                throw new CheckpointException(file, "is not the state of an inversion");
            }
            if (!about.get("work").equals(work)) {
                throw new CheckpointException(file, "is the state of other work: " + about.get("work")
                        + ", now asked for is " + work + "; delete the file to begin anew");
            }
            return new InversionState(about.get("phase"), Integer.parseInt(about.get("step")),
                    Double.parseDouble(about.get("seconds")), checkpoint.tensors());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isDue() {
        return System.nanoTime() - saved >= Math.max(interval, SHARE * cost);
    }

    @Override
    public void save(InversionState state) {
        long start = System.nanoTime();
        Map<String, String> about = new LinkedHashMap<>();
        about.put("work", work);
        about.put("phase", state.phase());
        about.put("step", Integer.toString(state.step()));
        about.put("seconds", Double.toString(state.seconds()));
        try {
            Safetensors.write(file, state.tensors(), about);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        saved = System.nanoTime();
        cost = saved - start;
    }

    /** Removes the file, when the work is done. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
