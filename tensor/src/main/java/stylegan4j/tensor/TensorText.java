package stylegan4j.tensor;

import java.util.Locale;

/** How tensors print: type, shape, and the values, the middle of long dimensions left out. */
final class TensorText {
    private static final int EDGE = 3;
    private static final int SHORT = 2 * EDGE;

    private TensorText() {
    }

    static String format(Tensor tensor) {
        StringBuilder text = new StringBuilder(tensor.describe());
        if (tensor.numel() == 0) {
            return text.append(" []").toString();
        }
        text.append(tensor.rank() > 1 ? "\n" : " ");
        try (var _ = Scope.open(Scope.current().device())) {
            append(text, tensor.detach(), 0);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Tensor t, int depth) {
        if (t.rank() == 0) {
            float v = t.item();
            text.append(v == Math.rint(v) && Math.abs(v) < 1e6 ? String.format(Locale.ROOT, "%.0f", v)
                    : String.format(Locale.ROOT, "%.4g", v));
            return;
        }
        text.append('[');
        int n = t.size(0);
        for (int i = 0; i < n; i++) {
            if (i > 0) {
                text.append(t.rank() == 1 ? ", " : ",\n" + " ".repeat(depth + 1));
            }
            if (n > SHORT && i == EDGE) {
                text.append('…');
                i = n - EDGE - 1;
            } else {
                append(text, t.select(0, i), depth + 1);
            }
        }
        text.append(']');
    }
}
