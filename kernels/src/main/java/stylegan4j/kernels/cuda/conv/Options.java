package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;

/** What the kernels of this package are told when they are compiled. */
final class Options {
    private Options() {
    }

    static String precision(Precision precision) {
        return "-DPRECISION=" + precision.ordinal();
    }

    static String activation(Activation activation) {
        return "-DACTIVATION=" + activation.ordinal();
    }

    /** @param name the macro that stands for the element type */
    static String type(String name, DType type) {
        return "-D" + name + "=" + switch (type) {
            case F32 -> "float";
            case F16 -> "half_t";
            case BF16 -> "bfloat16_t";
            case I32 -> throw new IllegalArgumentException("convolution: expected numbers, got " + type);
        };
    }

    static String number(String name, int value) {
        return "-D" + name + "=" + value;
    }
}
