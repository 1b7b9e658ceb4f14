package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.Activation;
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

    static String number(String name, int value) {
        return "-D" + name + "=" + value;
    }
}
