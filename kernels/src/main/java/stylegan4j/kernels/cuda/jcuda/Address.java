package stylegan4j.kernels.cuda.jcuda;

import jcuda.Pointer;

/** A pointer of JCuda's that is a plain number, of host or device memory. */
final class Address extends Pointer {
    /** For calls that set it. */
    Address() {
    }

    Address(long value) {
        super(value);
    }

    long value() {
        return getNativePointer();
    }
}
