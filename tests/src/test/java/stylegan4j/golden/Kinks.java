package stylegan4j.golden;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Device;

/**
 * The side of its kink that each activation lies on in one run of a case, to be kept in another on another device.
 *
 * <p>Cases have up to ten million activations, the smallest of them 1e-7 of their rms from the kink of the leaky ReLU,
 * closer than float32 can tell. One that a device rounds to the other side changes gradients by more than the
 * tolerance, though the device computes as exactly as the reference. With such activations moved back, everything must
 * agree within the tolerance.
 */
final class Kinks {
    /** Over the rms of a layer's activations: what rounding may explain. Those farther off are left as they are. */
    private static final double ROUNDING = 1e-5;
    private static final Set<Activation> KINKED = Set.of(Activation.RELU, Activation.LRELU);

    /** For each activated array, in the order they are computed: where it is positive. */
    private final List<BitSet> positive = new ArrayList<>();
    private int next;
    private int moved;
    private long seen;

    /** What becomes of the activations of one array. */
    @FunctionalInterface
    private interface Look {
        /** @return whether {@code values} were changed */
        boolean at(float[] values);
    }

    /** The device, whose activations' sides are taken down. */
    Device recorded(Device device) {
        return watched(device, this::record);
    }

    /** The device, whose activations are kept on the sides taken down before. */
    Device kept(Device device) {
        return watched(device, this::keep);
    }

    /** How many activations were moved, of how many. */
    String moved() {
        return moved + " of " + seen + " activations moved across their kink";
    }

    /** @throws IllegalStateException if there were fewer activated arrays than were taken down */
    void finish() {
        if (next != positive.size()) {
            throw new IllegalStateException(next + " activated arrays, expected " + positive.size());
        }
    }

    private boolean record(float[] values) {
        BitSet side = new BitSet(values.length);
        for (int i = 0; i < values.length; i++) {
            side.set(i, values[i] > 0);
        }
        positive.add(side);
        return false;
    }

    private boolean keep(float[] values) {
        if (next == positive.size()) {
            throw new IllegalStateException("more activated arrays than the " + next + " taken down");
        }
        BitSet side = positive.get(next++);
        double squares = 0;
        for (float v : values) {
            squares += (double) v * v;
        }
        double near = ROUNDING * Math.sqrt(squares / values.length);
        int before = moved;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > 0 != side.get(i) && Math.abs(values[i]) <= near) {
                float size = Math.max(Math.abs(values[i]), Float.MIN_NORMAL);
                values[i] = side.get(i) ? size : -size;
                moved++;
            }
        }
        seen += values.length;
        return moved > before;
    }

    private static Device watched(Device device, Look look) {
        Backend backend = device.backend();
        return Device.of((Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class}, (_, method, arguments) -> {
                    Object result = invoke(backend, method, arguments);
                    if (activates(method, arguments)) {
                        look(backend, (NdArray) arguments[3], look);
                    }
                    return result;
                }));
    }

    private static boolean activates(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "biasAct" -> KINKED.contains(((BiasAct) arguments[2]).activation());
            case "fusedConv2d" -> KINKED.contains(((FusedConv) arguments[2]).epilogue().act().activation());
            default -> false;
        };
    }

    private static void look(Backend backend, NdArray y, Look look) {
        if (y.type() != DType.F32) {
            throw new IllegalArgumentException("activations must be F32, got " + y.type());
        }
        float[] values = new float[Math.toIntExact(y.numel())];
        MemorySegment host = MemorySegment.ofArray(values);
        long at = y.offset() * Float.BYTES;
        backend.download(y.buffer(), at, host);
        if (look.at(values)) {
            backend.upload(host, y.buffer(), at);
        }
    }

    private static Object invoke(Backend backend, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
