package stylegan4j.bench;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;

/** Arrays on a backend, for the benchmarks of single kernels. */
final class Kernels {
    private Kernels() {
    }

    /** A dense array, contents undefined. */
    static NdArray empty(Backend backend, int... shape) {
        return NdArray.contiguous(backend.allocate(NdArray.numel(shape) * Float.BYTES), DType.F32, shape);
    }

    /** A dense array holding {@code data}. */
    static NdArray array(Backend backend, float[] data, int... shape) {
        NdArray array = empty(backend, shape);
        backend.upload(MemorySegment.ofArray(data), array.buffer(), 0);
        return array;
    }

    /** The elements of a dense array; gives its buffer back. */
    static float[] takeOut(Backend backend, NdArray array) {
        float[] data = new float[Math.toIntExact(array.numel())];
        backend.download(array.buffer(), 0, MemorySegment.ofArray(data));
        backend.release(array.buffer());
        return data;
    }
}
