package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Bias, activation, gain and clamp in one pass, and the derivatives of that. */
public final class BiasActivation {
    private static final String FILE = "bias_act.cu";
    private static final int THREADS = 256;
    /** Elements, or vectors of four, that a thread of each kernel takes. */
    private static final int FORWARD = 4;
    private static final int GRADIENT = 2;

    private final CudaContext cuda;
    private final Movement movement;
    private final Kernel vectors;
    private final Kernel elements;
    private final TypedKernel gradientVectors;
    private final TypedKernel gradientElements;

    public BiasActivation(CudaContext cuda, Movement movement) {
        this.cuda = cuda;
        this.movement = movement;
        this.vectors = cuda.kernel(FILE, "bias_act_vectors");
        this.elements = cuda.kernel(FILE, "bias_act_elements");
        this.gradientVectors = gradient("bias_act_gradient_vectors");
        this.gradientElements = gradient("bias_act_gradient_elements");
    }

    private TypedKernel gradient(String name) {
        return new TypedKernel(cuda, FILE, name, "A_TYPE", "REFERENCE_TYPE", "Y_TYPE");
    }

    /** {@code y = clamp(gain · f(x + b))}; bias [x.size(channelDim)] or null. */
    public void forward(NdArray x, NdArray bias, BiasAct spec, NdArray y) {
        long count = y.numel();
        if (count == 0) {
            return;
        }
        try (Dense in = Dense.of(cuda, movement, x); Dense biases = Dense.of(cuda, movement, bias)) {
            long inner = inner(y, bias, spec);
            boolean four = inner % 4 == 0 && Dense.aligned(in.array(), y);
            Params params = Params.start().pointer(in.array()).pointer(biases.array()).pointer(y)
                    .integer64(count).integer64(inner).integer(channels(y, bias, spec)).code(spec.activation())
                    .real(spec.alpha()).real(spec.gain()).real(bound(spec));
            cuda.launch(four ? vectors : elements, size(four ? count / 4 : count, FORWARD), params);
        }
    }

    /** First or second derivative times its factors, as {@link stylegan4j.kernels.Backend#biasActGradient}. */
    public void gradient(int order, NdArray a, NdArray b, NdArray reference, NdArray bias, boolean fromOutput,
                         BiasAct spec, NdArray y) {
        long count = y.numel();
        if (count == 0) {
            return;
        }
        boolean piecewise = isPiecewiseLinear(spec);
        if (piecewise && order == 2) {
            movement.fill(y, 0);
            return;
        }
        NdArray added = fromOutput ? null : bias;
        // A clamped output that was stored as a half is the rounded bound, which may lie below the bound itself.
        float seenBound = fromOutput ? reference.type().stored(bound(spec)) : bound(spec);
        try (Dense firsts = Dense.of(cuda, movement, a); Dense seconds = Dense.of(cuda, movement, b);
             Dense references = Dense.of(cuda, movement, reference); Dense biases = Dense.of(cuda, movement, added)) {
            long inner = inner(y, added, spec);
            boolean four = inner % 4 == 0 && Dense.aligned(firsts.array(), seconds.array(), references.array(), y);
            Params params = Params.start().pointer(firsts.array()).pointer(seconds.array())
                    .pointer(references.array()).pointer(biases.array()).pointer(y)
                    .integer64(count).integer64(inner).integer(channels(y, added, spec)).code(spec.activation())
                    .integer(order).flag(fromOutput).flag(piecewise).real(piecewise ? slope(spec) : spec.alpha())
                    .real(spec.gain()).real(seenBound);
            cuda.launch((four ? gradientVectors : gradientElements).of(firsts.array(), references.array(), y),
                    size(four ? count / 4 : count, GRADIENT), params);
        }
    }

    /** Whether the output's sign tells the slope, which is all there is to know. */
    private static boolean isPiecewiseLinear(BiasAct spec) {
        return switch (spec.activation()) {
            case LINEAR, RELU -> true;
            case LRELU -> spec.alpha() >= 0;
            default -> false;
        };
    }

    /** The slope below zero. */
    private static float slope(BiasAct spec) {
        return spec.activation() == Activation.LINEAR ? 1 : spec.activation() == Activation.RELU ? 0 : spec.alpha();
    }

    private static float bound(BiasAct spec) {
        return spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
    }

    /** Neighbours that share a bias. */
    private static long inner(NdArray y, NdArray bias, BiasAct spec) {
        if (bias == null) {
            return y.numel();
        }
        long inner = 1;
        for (int d = spec.channelDim() + 1; d < y.rank(); d++) {
            inner *= y.size(d);
        }
        return inner;
    }

    private static int channels(NdArray y, NdArray bias, BiasAct spec) {
        return bias == null ? 1 : y.size(spec.channelDim());
    }

    private static LaunchSize size(long items, int perThread) {
        return LaunchSize.of(Math.toIntExact(Math.ceilDiv(items, (long) THREADS * perThread)), THREADS);
    }
}
