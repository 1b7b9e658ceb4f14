package stylegan4j.kernels.cuda.library;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/** The few calls that ask libraries about themselves; everything else goes through JCuda. */
final class NativeCalls {
    private static final Linker LINKER = Linker.nativeLinker();

    private final SymbolLookup symbols;

    NativeCalls(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    boolean has(String function) {
        return symbols.find(function).isPresent();
    }

    /** Calls {@code int function(…)}, with arguments that are {@code int}s, {@code long}s or segments. */
    int status(String function, Object... arguments) {
        return (int) call(function, ValueLayout.JAVA_INT, arguments);
    }

    /** Calls {@code size_t function(…)}. */
    long size(String function, Object... arguments) {
        return (long) call(function, ValueLayout.JAVA_LONG, arguments);
    }

    /** What {@code int function(…, int *value)} gives, if its status is zero; the pointer comes last. */
    Optional<Integer> intResult(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
            all[arguments.length] = value;
            return status(function, all) == 0 ? Optional.of(value.get(ValueLayout.JAVA_INT, 0)) : Optional.empty();
        }
    }

    @SuppressWarnings("restricted")
    private Object call(String function, ValueLayout result, Object... arguments) {
        FunctionDescriptor descriptor = FunctionDescriptor.of(result);
        for (Object argument : arguments) {
            descriptor = descriptor.appendArgumentLayouts(switch (argument) {
                case Integer _ -> ValueLayout.JAVA_INT;
                case Long _ -> ValueLayout.JAVA_LONG;
                case MemorySegment _ -> ValueLayout.ADDRESS;
                default -> throw new IllegalArgumentException(function + ": argument of " + argument.getClass());
            });
        }
        MemorySegment address = symbols.find(function)
                .orElseThrow(() -> new IllegalStateException("the library has no function " + function));
        MethodHandle handle = LINKER.downcallHandle(address, descriptor);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
