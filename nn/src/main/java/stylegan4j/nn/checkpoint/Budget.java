package stylegan4j.nn.checkpoint;

/** Bounds the work and memory that one pickle, with whatever is nested in it, may cost beyond its own size. */
final class Budget {
    private static final int MOST_OPERATIONS = 1 << 22;
    private static final long MOST_TEXT = 256L << 20;

    private int operations;
    private long text;
    private boolean nested;

    /** Accounts for opcodes run or elements copied. */
    void operations(Source source, long count) throws CheckpointException {
        if (count > MOST_OPERATIONS - operations) {
            throw source.error("the pickle has more than " + MOST_OPERATIONS + " objects");
        }
        operations += (int) count;
    }

    /** Accounts for bytes copied out of the file. */
    void text(Source source, long bytes) throws CheckpointException {
        if (bytes < 0 || bytes > MOST_TEXT - text) {
            throw source.error("the pickle has more than " + MOST_TEXT + " bytes of text");
        }
        text += bytes;
    }

    /** Marks the start of a pickle inside a pickle, which may hold no third. */
    void enter(Source source) throws CheckpointException {
        if (nested) {
            throw source.error("malformed pickle: a pickle inside a pickle inside a pickle");
        }
        nested = true;
    }

    void leave() {
        nested = false;
    }
}
