package stylegan4j.kernels.cuda;

import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;

/** The header that tells kernels the numbers of our enums: {@code UNARY_EXP}, {@code TYPE_F16}, …. */
final class OpCodes {
    static final String FILE = "ops.cuh";

    private OpCodes() {
    }

    static String header() {
        StringBuilder text = new StringBuilder();
        append(text, "TYPE_", List.of(DType.values()));
        append(text, "UNARY_", List.of(UnaryOp.values()));
        append(text, "BINARY_", List.of(BinaryOp.values()));
        append(text, "REDUCE_", List.of(ReduceOp.values()));
        append(text, "ACTIVATION_", List.of(Activation.values()));
        append(text, "DISTRIBUTION_", List.of(Distribution.values()));
        return text.toString();
    }

    private static void append(StringBuilder text, String prefix, List<? extends Enum<?>> constants) {
        for (Enum<?> constant : constants) {
            text.append("constexpr int ").append(prefix).append(constant.name()).append(" = ")
                    .append(constant.ordinal()).append(";\n");
        }
    }
}
