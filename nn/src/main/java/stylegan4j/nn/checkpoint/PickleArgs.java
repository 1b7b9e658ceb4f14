package stylegan4j.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a pickle passes to a global, with its types checked on access. */
record PickleArgs(Source source, Budget budget, String global, List<Object> values) {

    int size() {
        return values.size();
    }

    /** The argument, which must be of this type. */
    <T> T get(int index, Class<T> type) throws CheckpointException {
        if (index >= values.size() || !type.isInstance(values.get(index))) {
            throw malformed("argument " + index);
        }
        return type.cast(values.get(index));
    }

    @SuppressWarnings("unchecked")
    List<Object> list(int index) throws CheckpointException {
        return get(index, List.class);
    }

    long integer(int index) throws CheckpointException {
        return get(index, Long.class);
    }

    /** A list of integers, for example a shape. */
    long[] integers(int index) throws CheckpointException {
        var list = list(index);
        if (list.size() > Shapes.MOST_DIMENSIONS) {
            throw malformed("argument " + index);
        }
        var integers = new long[list.size()];
        for (int i = 0; i < integers.length; i++) {
            if (!(list.get(i) instanceof Long value)) {
                throw malformed("argument " + index);
            }
            integers[i] = value;
        }
        return integers;
    }

    /** Bytes, which Python 2 kept in strings. */
    MemorySegment bytes(int index) throws CheckpointException {
        var value = index < size() ? values.get(index) : null;
        return switch (value) {
            case MemorySegment bytes -> bytes;
            case String text -> {
                budget.text(source, text.length());
                yield MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
            }
            case null, default -> throw malformed("argument " + index);
        };
    }

    PickleArgs with(List<Object> others) {
        return new PickleArgs(source, budget, global, others);
    }

    CheckpointException malformed(String what) {
        return source.error("malformed pickle: " + what + " of " + global);
    }
}
