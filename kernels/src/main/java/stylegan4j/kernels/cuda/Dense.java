package stylegan4j.kernels.cuda;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.map.Movement;

/** An input as a dense array: itself, or a copy for the current operation. */
public final class Dense implements AutoCloseable {
    /** What four floats are aligned to, to be loaded at once. */
    private static final int VECTOR = 16;

    private final NdArray array;
    private final CudaContext.Scratch scratch;

    private Dense(NdArray array, CudaContext.Scratch scratch) {
        this.array = array;
        this.scratch = scratch;
    }

    /** Null stays null. */
    public static Dense of(CudaContext cuda, Movement movement, NdArray x) {
        if (x == null || x.isContiguous()) {
            return new Dense(x, null);
        }
        CudaContext.Scratch scratch = cuda.scratch(x.numel() * x.type().bytes());
        NdArray copy = scratch.array(x.type(), x.shape());
        movement.copy(x, copy);
        return new Dense(copy, scratch);
    }

    /** Whether all start where vectors of four floats may; null ones do. */
    public static boolean aligned(NdArray... arrays) {
        for (NdArray array : arrays) {
            if (array != null && CudaBuffer.address(array) % VECTOR != 0) {
                return false;
            }
        }
        return true;
    }

    public NdArray array() {
        return array;
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
        }
    }
}
