package stylegan4j.stylegan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

/**
 * Naive computations with half types, that ours are measured by: the CPU, which rounds features of the highest
 * resolutions there and back.
 */
public final class NaiveHalf {
    /** What makes features of features; a convolution's own steps are taken one by one. */
    private static final Set<String> ELEMENTWISE =
            Set.of("binary", "unary", "where", "biasAct", "biasActGradient", "upfirdn2d");
    /** Pictures have fewer channels than that, and stay F32 as in the official code. */
    private static final int LEAST_FEATURES = 5;

    private final Backend cpu = new CpuBackend(1);
    private final DType type;
    private final int lowest;

    private NaiveHalf(DType type, int lowest) {
        this.type = type;
        this.lowest = lowest;
    }

    /**
     * Rounds what goes into each fused layer and what comes out of it, and nothing in between.
     *
     * @param lowest rows of a picture from which on it is rounded
     */
    public static Backend layers(DType type, int lowest) {
        return new NaiveHalf(type, lowest).backend(NaiveHalf::layer);
    }

    /**
     * Rounds the result of every operation, as the official code without its extension stores it: scaled features,
     * weights, the convolution, its product with the demodulation, filtered pictures, noise, bias, activation. To be
     * used with fused layers switched off.
     */
    public static Backend operations(DType type, int lowest) {
        return new NaiveHalf(type, lowest).backend(NaiveHalf::operation);
    }

    /** A call of the backend, and what to do of it: all, or nothing (false). */
    @FunctionalInterface
    private interface Rule {
        boolean applies(NaiveHalf naive, Method method, Object[] arguments) throws Throwable;
    }

    private Backend backend(Rule rule) {
        return (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(), new Class<?>[] {Backend.class},
                (_, method, arguments) -> arguments != null && isHigh(arguments)
                        && rule.applies(this, method, arguments) ? null : invoke(method, arguments));
    }

    private boolean isHigh(Object[] arguments) {
        return Arrays.stream(arguments).anyMatch(a -> a instanceof NdArray array && array.rank() == 4
                && array.size(2) >= lowest);
    }

    private boolean layer(Method method, Object[] a) throws Throwable {
        NdArray[] copies;
        if (method.getName().equals("fusedConv2d")) {
            FusedConv spec = (FusedConv) a[2];
            copies = new NdArray[] {rounded((NdArray) a[0]), rounded((NdArray) a[1]), rounded(spec.scales().input())};
            cpu.fusedConv2d(copies[0], copies[1], new FusedConv(spec.resample(), spec.fir(),
                    new ChannelScales(copies[2], spec.scales().output()), spec.epilogue()), (NdArray) a[3]);
        } else if (method.getName().matches("conv2d(Input|Weight)Gradient")) {
            copies = new NdArray[] {rounded((NdArray) a[0]), rounded((NdArray) a[1])};
            invoke(method, new Object[] {copies[0], copies[1], a[2], a[3], a[4]});
        } else {
            return false;
        }
        round((NdArray) a[a.length - 1]);
        release(copies);
        return true;
    }

    private boolean operation(Method method, Object[] a) throws Throwable {
        String name = method.getName();
        if (!name.startsWith("conv2d")) {
            if (!ELEMENTWISE.contains(name)) {
                return false;
            }
            invoke(method, a);
            NdArray y = (NdArray) a[a.length - 1];
            if (y.rank() == 4 && y.size(1) >= LEAST_FEATURES && y.size(2) >= lowest) {
                round(y);
            }
            return true;
        }
        ChannelScales scales = (ChannelScales) a[3];
        NdArray[] copies = {rounded((NdArray) a[0]), rounded((NdArray) a[1])};
        NdArray y = (NdArray) a[4];
        boolean ofWeight = name.equals("conv2dWeightGradient");
        boolean back = name.equals("conv2dInputGradient");
        scale(copies[0], back ? scales.output() : scales.input());
        if (ofWeight) {
            scale(copies[1], scales.output());
        }
        invoke(method, new Object[] {copies[0], copies[1], (ConvGeometry) a[2], ChannelScales.NONE, y});
        round(y);
        if (!ofWeight) {
            scale(y, back ? scales.input() : scales.output());
        }
        release(copies);
        return true;
    }

    /** @param factors [N, C] of x [N, C, H, W], or null */
    private void scale(NdArray x, NdArray factors) {
        if (factors != null) {
            NdArray f = rounded(factors);
            cpu.binary(BinaryOp.MULTIPLY, x,
                    new NdArray(f.buffer(), DType.F32, f.offset(), x.shape(), new long[] {f.size(1), 1, 0, 0}), x);
            round(x);
            release(f);
        }
    }

    private void round(NdArray x) {
        NdArray result = rounded(x);
        cpu.copy(result, x);
        release(result);
    }

    private NdArray rounded(NdArray x) {
        if (x == null) {
            return null;
        }
        NdArray narrow = NdArray.contiguous(cpu.allocate(x.numel() * type.bytes()), type, x.shape());
        NdArray wide = NdArray.contiguous(cpu.allocate(x.numel() * Float.BYTES), DType.F32, x.shape());
        cpu.copy(x, narrow);
        cpu.copy(narrow, wide);
        release(narrow);
        return wide;
    }

    private void release(NdArray... arrays) {
        for (NdArray array : arrays) {
            if (array != null) {
                cpu.release(array.buffer());
            }
        }
    }

    private Object invoke(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(cpu, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
