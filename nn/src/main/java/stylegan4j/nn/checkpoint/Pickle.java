package stylegan4j.nn.checkpoint;

import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Python's unpickling machine for data only: it makes containers and scalars, and whatever {@link PickleGlobals} lists;
 * everything else is refused by name. Nothing in a pickle is ever run.
 *
 * <p>Opcodes are those of protocols 2 to 5 (CPython's {@code Lib/pickletools.py}); the textual ones of older protocols
 * occur in no checkpoint. Tuples become lists.
 */
final class Pickle {
    private static final int HIGHEST_PROTOCOL = 5;
    private static final int LONGEST_INTEGER = 1024;
    private static final int LONGEST_LINE = 1 << 16;

    /** Turns what a pickle calls a persistent id into the object it stands for. */
    interface PersistentLoader {
        Object load(Object id) throws CheckpointException;
    }

    private final Source source;
    private final Budget budget;
    private final PersistentLoader persistent;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    Pickle(Source source, Budget budget, PersistentLoader persistent) {
        this.source = source;
        this.budget = budget;
        this.persistent = persistent;
    }

    static boolean matches(Source source) {
        for (int protocol = 2; protocol <= HIGHEST_PROTOCOL; protocol++) {
            if (source.startsWith(0, 0x80, protocol)) {
                return true;
            }
        }
        return false;
    }

    /** Runs until the end mark of one pickle, and leaves the source behind it. */
    Object load() throws CheckpointException {
        while (true) {
            budget.operations(source, 1);
            int opcode = source.u8();
            if (opcode == '.') {
                return pop();
            }
            execute(opcode);
        }
    }

    private void execute(int opcode) throws CheckpointException {
        switch (opcode) {
            case 0x80 -> protocol(source.u8());
            case 0x95 -> source.take(8);
            case '(' -> marks.add(stack.size());
            case '0' -> discard();
            case '1' -> popToMark();
            case '2' -> push(top());
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) source.i32());
            case 'K' -> push((long) source.u8());
            case 'M' -> push((long) source.u16());
            case 0x8a -> push(littleEndianInteger(source.u8()));
            case 0x8b -> push(littleEndianInteger(source.i32()));
            case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(source.i64())));
            case 'T' -> push(latin1(source.i32()));
            case 'U' -> push(latin1(source.u8()));
            case 0x8c -> push(utf8(source.u8()));
            case 'X' -> push(utf8(source.u32()));
            case 0x8d -> push(utf8(source.i64()));
            case 'C' -> push(source.take(source.u8()));
            case 'B' -> push(source.take(source.u32()));
            case 0x8e, 0x96 -> push(source.take(source.i64()));
            case ']' -> push(new ArrayList<>(0));
            case ')' -> push(new ArrayList<>(0));
            case 't' -> push(popToMark());
            case 0x85 -> push(popTuple(1));
            case 0x86 -> push(popTuple(2));
            case 0x87 -> push(popTuple(3));
            case 'a' -> append(popTuple(1));
            case 'e' -> append(popToMark());
            case '}' -> push(new LinkedHashMap<>());
            case 's' -> setItems(popTuple(2));
            case 'u' -> setItems(popToMark());
            case 0x8f -> push(new LinkedHashSet<>());
            case 0x90 -> addItems(popToMark());
            case 0x91 -> push(PickleContainers.add(source, new LinkedHashSet<>(), popToMark()));
            case 'q' -> memo.put((long) source.u8(), top());
            case 'r' -> memo.put(source.u32(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> push(remembered(source.u8()));
            case 'j' -> push(remembered(source.u32()));
            case 'c' -> push(PickleGlobals.find(source, line(), line()));
            case 0x93 -> stackGlobal();
            case 'R', 0x81 -> makeFromPair(popTuple(2));
            case 0x92 -> makeWithKeywords(popTuple(3));
            case 'b' -> build(pop());
            case 'Q' -> push(persistent.load(pop()));
            default -> throw malformed(String.format("opcode 0x%02x", opcode));
        }
    }

    private void protocol(int version) throws CheckpointException {
        if (version > HIGHEST_PROTOCOL) {
            throw source.error("pickle protocol " + version + " is not supported");
        }
    }

    private CheckpointException malformed(String what) {
        return source.error("malformed pickle: " + what + " at offset " + source.position());
    }

    // The stack

    private void push(Object value) {
        stack.add(value);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    private Object top() throws CheckpointException {
        if (stack.size() <= floor()) {
            throw malformed("empty stack");
        }
        return stack.getLast();
    }

    private Object pop() throws CheckpointException {
        var value = top();
        stack.removeLast();
        return value;
    }

    private void discard() throws CheckpointException {
        if (!marks.isEmpty() && stack.size() == marks.getLast()) {
            marks.removeLast();
        } else {
            pop();
        }
    }

    private List<Object> popFrom(int start) {
        var tail = stack.subList(start, stack.size());
        var values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private List<Object> popToMark() throws CheckpointException {
        if (marks.isEmpty()) {
            throw malformed("no mark");
        }
        return popFrom(marks.removeLast());
    }

    private List<Object> popTuple(int size) throws CheckpointException {
        if (stack.size() - size < floor()) {
            throw malformed("empty stack");
        }
        return popFrom(stack.size() - size);
    }

    private Object remembered(long index) throws CheckpointException {
        if (!memo.containsKey(index)) {
            throw malformed("memo " + index + " was never set");
        }
        return memo.get(index);
    }

    // Literals

    private String line() throws CheckpointException {
        long start = source.position();
        long length = 0;
        while (source.u8() != '\n') {
            if (++length > LONGEST_LINE) {
                throw malformed("overlong line");
            }
        }
        source.seek(start);
        var text = latin1(length);
        source.take(1);
        return text;
    }

    private String latin1(long length) throws CheckpointException {
        budget.text(source, length);
        return StandardCharsets.ISO_8859_1.decode(source.take(length).asByteBuffer()).toString();
    }

    private String utf8(long length) throws CheckpointException {
        budget.text(source, length);
        return StandardCharsets.UTF_8.decode(source.take(length).asByteBuffer()).toString();
    }

    private Number littleEndianInteger(long length) throws CheckpointException {
        if (length < 0 || length > LONGEST_INTEGER) {
            throw malformed("integer of " + length + " bytes");
        }
        var bytes = source.take(length).toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swapped = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swapped;
        }
        return bytes.length == 0 ? 0L : narrowed(new BigInteger(bytes));
    }

    private static Number narrowed(BigInteger value) {
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    // Containers and objects

    @SuppressWarnings("unchecked")
    private void append(List<Object> values) throws CheckpointException {
        if (!(top() instanceof List<?> list)) {
            throw malformed("append to something else than a list");
        }
        ((List<Object>) list).addAll(values);
    }

    @SuppressWarnings("unchecked")
    private void addItems(List<Object> values) throws CheckpointException {
        if (!(top() instanceof Set<?> set)) {
            throw malformed("add to something else than a set");
        }
        PickleContainers.add(source, (Set<Object>) set, values);
    }

    @SuppressWarnings("unchecked")
    private void setItems(List<Object> keysAndValues) throws CheckpointException {
        if (!(top() instanceof Map<?, ?> map)) {
            throw malformed("item of something else than a dictionary");
        }
        PickleContainers.put(source, (Map<Object, Object>) map, keysAndValues);
    }

    private void stackGlobal() throws CheckpointException {
        var names = popTuple(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
            throw malformed("global without a name");
        }
        push(PickleGlobals.find(source, module, name));
    }

    private Object make(Object callable, List<Object> args) throws CheckpointException {
        if (!(callable instanceof PickleGlobals.Global global)) {
            throw malformed("call of something that is no class");
        }
        return global.make(new PickleArgs(source, budget, global.name(), args));
    }

    @SuppressWarnings("unchecked")
    private void makeFromPair(List<Object> classAndArgs) throws CheckpointException {
        if (!(classAndArgs.get(1) instanceof List<?> args)) {
            throw malformed("call without arguments");
        }
        push(make(classAndArgs.get(0), (List<Object>) args));
    }

    private void makeWithKeywords(List<Object> classArgsKeywords) throws CheckpointException {
        if (!(classArgsKeywords.get(2) instanceof Map<?, ?> keywords) || !keywords.isEmpty()) {
            throw malformed("constructor with keyword arguments");
        }
        makeFromPair(classArgsKeywords.subList(0, 2));
    }

    private void build(Object state) throws CheckpointException {
        switch (top()) {
            case PickleState object -> object.setState(source, budget, state);
            // Python subclasses of these may carry attributes, such as the _metadata of a torch state dict.
            case Map<?, ?> map -> { }
            case List<?> list -> { }
            case Set<?> set -> { }
            case null, default -> throw malformed("state of something that has none");
        }
    }
}
