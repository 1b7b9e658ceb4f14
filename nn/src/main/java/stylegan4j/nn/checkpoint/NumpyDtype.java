package stylegan4j.nn.checkpoint;

import java.util.List;

/** A pickled {@code numpy.dtype}: its name is the constructor's argument, its byte order comes with the state. */
final class NumpyDtype implements PickleState {
    private final StoredType type;
    private boolean bigEndian;

    private NumpyDtype(StoredType type) {
        this.type = type;
    }

    static NumpyDtype of(PickleArgs args) throws CheckpointException {
        return new NumpyDtype(NpyHeader.dtype(args.source(), args.get(0, String.class)));
    }

    StoredType type() {
        return type;
    }

    boolean bigEndian() {
        return bigEndian;
    }

    /** State: version, byte order, then what only structured types use. */
    @Override
    public void setState(Source source, Budget budget, Object state) throws CheckpointException {
        if (!(state instanceof List<?> fields) || fields.size() < 2 || !(fields.get(1) instanceof String order)) {
            throw source.error("malformed pickle: state of numpy.dtype");
        }
        bigEndian = order.equals(">") && type.byteSize() > 1;
    }
}
