package stylegan4j.kernels.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/**
 * One case of an operation, told once and computed on both backends: what goes in, the shapes that come out, the call,
 * and how far results may lie apart (not at all, unless said otherwise).
 */
final class OperationCase {
    /** Ways to lay an input out in memory. */
    enum Layout { DENSE, OFFSET, TRANSPOSED, SPACED }

    /** The call, given inputs and outputs in the order they were told. */
    @FunctionalInterface
    interface Call {
        void on(Backend backend, List<NdArray> in, List<NdArray> out);
    }

    private sealed interface Input {
        record Normal(Layout layout, int[] shape) implements Input {
        }

        record Values(Object array, int[] shape) implements Input {
        }
    }

    private record Output(DType type, int[] shape, int offset) {
    }

    private final String name;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private Call call;
    private double relative;
    private double absolute;

    OperationCase(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Normally distributed floats. */
    OperationCase normal(Layout layout, int... shape) {
        inputs.add(new Input.Normal(layout, shape));
        return this;
    }

    /** These elements, dense; float[] or int[]. */
    OperationCase values(Object array, int... shape) {
        inputs.add(new Input.Values(array, shape));
        return this;
    }

    OperationCase out(int... shape) {
        return out(DType.F32, 0, shape);
    }

    /** @param offset elements between the buffer's beginning and the array */
    OperationCase out(DType type, int offset, int... shape) {
        outputs.add(new Output(type, shape, offset));
        return this;
    }

    OperationCase run(Call what) {
        call = what;
        return this;
    }

    /** Allows {@code |difference| ≤ absolute + relative·|expected|}. */
    OperationCase within(double relativeError, double absoluteError) {
        relative = relativeError;
        absolute = absoluteError;
        return this;
    }

    void check(BothBackends both) {
        List<Pair> in = inputs.stream().map(i -> make(both, i)).toList();
        List<Pair> out = outputs.stream().map(o -> make(both, o)).toList();
        both.run((backend, of) -> call.on(backend, in.stream().map(of).toList(), out.stream().map(of).toList()));
        for (int i = 0; i < out.size(); i++) {
            String what = name + ", output " + i;
            if (outputs.get(i).type() != DType.F32 || relative == 0 && absolute == 0) {
                both.assertSame(out.get(i), what);
            } else {
                both.assertClose(out.get(i), relative, absolute, what);
            }
        }
    }

    private static Pair make(BothBackends both, Output output) {
        int[] shape = output.shape();
        Pair whole = both.empty(output.type(), (int) NdArray.numel(shape) + output.offset() + 4);
        return whole.view(output.offset(), shape, NdArray.rowMajorStrides(shape));
    }

    private static Pair make(BothBackends both, Input input) {
        return switch (input) {
            case Input.Values(float[] values, int[] shape) -> both.of(values, shape);
            case Input.Values(int[] values, int[] shape) -> both.of(values, shape);
            case Input.Values(Object other, int[] _) -> throw new IllegalArgumentException("values: " + other);
            case Input.Normal(Layout layout, int[] shape) -> arranged(both, layout, shape);
        };
    }

    private static Pair arranged(BothBackends both, Layout layout, int[] shape) {
        int numel = (int) NdArray.numel(shape);
        long[] strides = NdArray.rowMajorStrides(shape);
        return switch (layout) {
            case DENSE -> both.normal(shape);
            case OFFSET -> both.normal(numel + 3).view(3, shape, strides);
            case TRANSPOSED -> {
                long step = 1;
                for (int d = 0; d < shape.length; d++) {
                    strides[d] = step;
                    step *= shape[d];
                }
                yield both.normal(shape).view(0, shape, strides);
            }
            case SPACED -> both.normal(2 * numel + 1).view(1, shape,
                    Arrays.stream(strides).map(s -> 2 * s).toArray());
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
