package stylegan4j.kernels.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The float vectors that {@link Simd} chose; loaded only where the Vector API is present. */
public final class VectorWidth {
    /** Constant for the compiler: every vector kernel uses this species. */
    public static final VectorSpecies<Float> FLOATS = switch (Simd.bits()) {
        case 128 -> FloatVector.SPECIES_128;
        case 512 -> FloatVector.SPECIES_512;
        default -> FloatVector.SPECIES_256;
    };

    private VectorWidth() {
    }
}
