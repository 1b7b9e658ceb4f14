package stylegan4j.kernels.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;

/** A kernel in variants that differ in their arrays' element types, each compiled when first launched. */
public final class TypedKernel {
    private final CudaContext cuda;
    private final String file;
    private final String name;
    private final String[] macros;
    private final Map<List<DType>, Kernel> variants = new ConcurrentHashMap<>();

    /** @param macros that stand for the element types, {@code A_TYPE}; all are float where a source is told nothing */
    public TypedKernel(CudaContext cuda, String file, String name, String... macros) {
        this.cuda = cuda;
        this.file = file;
        this.name = name;
        this.macros = macros;
    }

    /** @param arrays one for each macro; null counts as F32 */
    public Kernel of(NdArray... arrays) {
        List<DType> types = Arrays.stream(arrays).map(a -> a == null ? DType.F32 : a.type()).toList();
        return variants.computeIfAbsent(types, this::kernel);
    }

    private Kernel kernel(List<DType> types) {
        if (types.stream().allMatch(t -> t == DType.F32)) {
            return cuda.kernel(file, name);
        }
        String[] options = new String[macros.length];
        Arrays.setAll(options, i -> option(macros[i], types.get(i)));
        return cuda.kernel(file, name, options);
    }

    /** Tells a source the element type that a macro stands for. */
    public static String option(String macro, DType type) {
        return "-D" + macro + "=" + switch (type) {
            case F32 -> "float";
            case F16 -> "half_t";
            case BF16 -> "bfloat16_t";
            case I32 -> throw new IllegalArgumentException(macro + ": expected numbers, got " + type);
        };
    }
}
