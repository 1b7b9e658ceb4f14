package stylegan4j.tensor;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import stylegan4j.kernels.LinearMap;

/**
 * Tables of the linear maps along one axis that interpolation, pooling and padding are made of; a picture is resampled
 * by one map for its rows and one for its columns. Positions and weights follow PyTorch's {@code F.interpolate},
 * {@code F.adaptive_avg_pool2d}, {@code F.avg_pool2d} and {@code F.pad} for given sizes: the scale is always
 * {@code inputs/outputs}, or {@code (inputs − 1)/(outputs − 1)} with aligned corners, as PyTorch computes it when it is
 * given a size or {@code recompute_scale_factor}. Weights are computed in double precision and rounded once. All
 * methods throw {@link IllegalArgumentException} on sizes below one.
 */
public final class Resampling {
    private static final double CUBIC = -0.75;
    /** Keys' choice, PIL's, and PyTorch's for antialiasing only. */
    private static final double ANTIALIASED_CUBIC = -0.5;

    private Resampling() {
    }

    /** The input at {@code ⌊i·inputs/outputs⌋}, computed in float as PyTorch does ({@code mode="nearest"}). */
    public static LinearMap nearest(int inputs, int outputs) {
        check("nearest", inputs, outputs);
        float scale = (float) inputs / outputs;
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            rows.add(Math.min((int) (i * scale), inputs - 1), 1);
            rows.end();
        }
        return rows.map();
    }

    /** The input whose cell the output's centre lies in, computed in float ({@code mode="nearest-exact"}). */
    public static LinearMap nearestExact(int inputs, int outputs) {
        check("nearestExact", inputs, outputs);
        float scale = (float) inputs / outputs;
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            rows.add(Math.min((int) ((i + 0.5f) * scale), inputs - 1), 1);
            rows.end();
        }
        return rows.map();
    }

    /** Linear interpolation between the two neighbours; positions before the first input count as the first. */
    public static LinearMap linear(int inputs, int outputs, boolean alignCorners) {
        check("linear", inputs, outputs);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            double position = Math.max(0, position(i, inputs, outputs, alignCorners));
            int left = Math.min((int) position, inputs - 1);
            double right = position - left;
            rows.add(left, 1 - right);
            rows.add(Math.min(left + 1, inputs - 1), right);
            rows.end();
        }
        return rows.map();
    }

    /** Cubic convolution (A = −0.75) of the four neighbours; those outside count as the outermost. */
    public static LinearMap cubic(int inputs, int outputs, boolean alignCorners) {
        check("cubic", inputs, outputs);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            double position = position(i, inputs, outputs, alignCorners);
            int left = (int) Math.floor(position);
            for (int column = left - 1; column <= left + 2; column++) {
                rows.add(Math.clamp(column, 0, inputs - 1), cubic(position - column, CUBIC));
            }
            rows.end();
        }
        return rows.map();
    }

    /** Linear interpolation with {@code antialias=True}: the triangle filter widens when the picture shrinks. */
    public static LinearMap linearAntialiased(int inputs, int outputs, boolean alignCorners) {
        check("linearAntialiased", inputs, outputs);
        return antialiased(inputs, outputs, alignCorners, 1, x -> Math.max(0, 1 - Math.abs(x)));
    }

    /** Cubic interpolation with {@code antialias=True}: Keys' filter (A = −0.5) widens when the picture shrinks. */
    public static LinearMap cubicAntialiased(int inputs, int outputs, boolean alignCorners) {
        check("cubicAntialiased", inputs, outputs);
        return antialiased(inputs, outputs, alignCorners, 2, x -> cubic(x, ANTIALIASED_CUBIC));
    }

    /**
     * Mean of the inputs {@code ⌊i·inputs/outputs⌋ … ⌈(i+1)·inputs/outputs⌉ − 1}: {@code mode="area"} and adaptive
     * average pooling.
     */
    public static LinearMap area(int inputs, int outputs) {
        check("area", inputs, outputs);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            int start = (int) ((long) i * inputs / outputs);
            int end = (int) Math.ceilDiv((i + 1L) * inputs, outputs);
            for (int column = start; column < end; column++) {
                rows.add(column, 1.0 / (end - start));
            }
            rows.end();
        }
        return rows.map();
    }

    /**
     * Average pooling: {@code (inputs + 2·pad − kernel)/stride + 1} windows over the input with {@code pad} zeros on
     * either side.
     *
     * @param pad at most half the kernel
     * @param countIncludePad whether a window is divided by its whole length or by the inputs that it holds
     */
    public static LinearMap averagePool(int inputs, int kernel, int stride, int pad, boolean countIncludePad) {
        if (kernel < 1 || stride < 1 || pad < 0 || pad > kernel / 2 || inputs + 2 * pad < kernel) {
            throw new IllegalArgumentException("averagePool: expected kernel and stride of at least 1, 0 ≤ pad ≤ "
                    + "kernel/2 and a kernel that fits into the padded input, got inputs " + inputs + ", kernel "
                    + kernel + ", stride " + stride + ", pad " + pad);
        }
        int outputs = (inputs + 2 * pad - kernel) / stride + 1;
        check("averagePool", inputs, outputs);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            int start = Math.max(0, i * stride - pad);
            int end = Math.min(inputs, i * stride - pad + kernel);
            for (int column = start; column < end; column++) {
                rows.add(column, 1.0 / (countIncludePad ? kernel : end - start));
            }
            rows.end();
        }
        return rows.map();
    }

    /** Zeros before and after the input; a negative number removes inputs. */
    public static LinearMap zeroPad(int inputs, int before, int after) {
        int outputs = padded("zeroPad", inputs, before, after);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            if (i >= before && i < before + inputs) {
                rows.add(i - before, 1);
            }
            rows.end();
        }
        return rows.map();
    }

    /** The outermost inputs repeated; a negative number removes inputs. */
    public static LinearMap replicationPad(int inputs, int before, int after) {
        int outputs = padded("replicationPad", inputs, before, after);
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            rows.add(Math.clamp(i - before, 0, inputs - 1), 1);
            rows.end();
        }
        return rows.map();
    }

    /**
     * The input mirrored at its outermost elements, which are not repeated; a negative number removes inputs.
     *
     * @param before below {@code inputs}, as {@code after}
     */
    public static LinearMap reflectionPad(int inputs, int before, int after) {
        int outputs = padded("reflectionPad", inputs, before, after);
        if (before >= inputs || after >= inputs) {
            throw new IllegalArgumentException("reflectionPad: padding below the " + inputs + " inputs expected, got "
                    + before + " and " + after);
        }
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            int column = Math.abs(i - before);
            rows.add(column < inputs ? column : 2 * (inputs - 1) - column, 1);
            rows.end();
        }
        return rows.map();
    }

    /** Where output i lies among the inputs, in units of their distance from the first. */
    private static double position(int i, int inputs, int outputs, boolean alignCorners) {
        double scale = scale(inputs, outputs, alignCorners);
        return alignCorners ? i * scale : (i + 0.5) * scale - 0.5;
    }

    private static double scale(int inputs, int outputs, boolean alignCorners) {
        if (alignCorners) {
            return outputs > 1 ? (inputs - 1.0) / (outputs - 1) : 0;
        }
        return (double) inputs / outputs;
    }

    /** @param radius where the unscaled filter ends */
    private static LinearMap antialiased(int inputs, int outputs, boolean alignCorners, int radius,
                                         DoubleUnaryOperator filter) {
        double scale = scale(inputs, outputs, alignCorners);
        double stretch = Math.max(1, scale);
        double support = radius * stretch;
        Rows rows = new Rows(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            // PyTorch measures from the outer edges here even when corners are aligned.
            double centre = (i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int end = Math.min(inputs, (int) (centre + support + 0.5));
            double total = 0;
            for (int column = start; column < end; column++) {
                total += filter.applyAsDouble((column + 0.5 - centre) / stretch);
            }
            for (int column = start; column < end; column++) {
                rows.add(column, filter.applyAsDouble((column + 0.5 - centre) / stretch) / total);
            }
            rows.end();
        }
        return rows.map();
    }

    /** The cubic convolution kernel at distance x (Keys, 1981). */
    private static double cubic(double x, double a) {
        double d = Math.abs(x);
        if (d <= 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    private static void check(String operation, int inputs, int outputs) {
        if (inputs < 1 || outputs < 1) {
            throw new IllegalArgumentException(operation + ": sizes of at least 1 expected, got " + inputs + " inputs, "
                    + outputs + " outputs");
        }
    }

    private static int padded(String operation, int inputs, int before, int after) {
        int outputs = inputs + before + after;
        if (-before >= inputs || -after >= inputs) {
            throw new IllegalArgumentException(operation + ": at least one of the " + inputs
                    + " inputs must remain, got padding " + before + " and " + after);
        }
        check(operation, inputs, outputs);
        return outputs;
    }

    /** Collects a map row by row; terms of one input are added up, zero terms left out. */
    private static final class Rows {
        private final int inputs;
        private final int[] starts;
        private int rows;
        private int terms;
        private int[] columns;
        private double[] weights;

        Rows(int inputs, int outputs) {
            this.inputs = inputs;
            starts = new int[outputs + 1];
            columns = new int[outputs * 2];
            weights = new double[outputs * 2];
        }

        void add(int column, double weight) {
            if (terms > starts[rows] && columns[terms - 1] == column) {
                weights[terms - 1] += weight;
            } else if (weight != 0) {
                if (terms == columns.length) {
                    columns = Arrays.copyOf(columns, 2 * terms);
                    weights = Arrays.copyOf(weights, 2 * terms);
                }
                columns[terms] = column;
                weights[terms++] = weight;
            }
        }

        void end() {
            starts[++rows] = terms;
        }

        LinearMap map() {
            float[] rounded = new float[terms];
            for (int t = 0; t < terms; t++) {
                rounded[t] = (float) weights[t];
            }
            return new LinearMap(inputs, rows, starts, Arrays.copyOf(columns, terms), rounded);
        }
    }
}
