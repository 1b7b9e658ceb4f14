package stylegan4j.kernels.cuda.jcuda;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jcuda.Pointer;

/** A pointer of JCuda's that is a plain number, of host or device memory. */
final class Address extends Pointer {
    /** For calls that set it. */
    Address() {
    }

    Address(long value) {
        super(value);
    }

    /** A number in host memory that stays; for a Java array, JCuda would hold off the collector during each call. */
    static Address of(float number) {
        return new Address(Arena.global().allocateFrom(ValueLayout.JAVA_FLOAT, number).address());
    }

    long value() {
        return getNativePointer();
    }
}
