package stylegan4j.kernels.cpu;

import jdk.incubator.vector.FloatVector;

/** The widest float vectors of this machine, 128 to 512 bits; apart from {@link VectorWidth}, which depends on it. */
final class HardwareWidth {
    private HardwareWidth() {
    }

    static int bits() {
        return Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
    }
}
