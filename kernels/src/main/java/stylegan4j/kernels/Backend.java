package stylegan4j.kernels;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The primitive operations of one device. The set is closed under differentiation: the gradient of each operation is
 * written with others of the set, so gradients of any order need nothing more.
 *
 * <p>Kernels trust their arguments: shapes and types are checked by the caller (the {@code tensor} module). Unless a
 * method says otherwise, inputs may have any strides, outputs are dense row-major, arithmetic arrays are
 * {@link DType#F32}, index arrays {@link DType#I32}, and an output overlaps an input only when they are the same view.
 */
public interface Backend extends AutoCloseable {
    /** What runs here, for the log: kind, vector width, threads. */
    String description();

    // ---- memory

    /** A buffer of at least {@code bytes} bytes, 64-byte aligned, contents undefined. */
    Buffer allocate(long bytes);

    /** Returns a buffer to the pool. */
    void release(Buffer buffer);

    /** Gives pooled memory that is not in use back to the system. */
    void trim();

    MemoryStats memory();

    /** Lets the peak of {@link #memory} begin anew at what is live now. */
    void resetPeak();

    /** Copies all of {@code host} to the buffer, starting at byte {@code at}. */
    void upload(MemorySegment host, Buffer buffer, long at);

    /** Fills all of {@code host} from the buffer, starting at byte {@code at}, after earlier work has finished. */
    void download(Buffer buffer, long at, MemorySegment host);

    /**
     * How convolutions and matrix products of F32 arrays multiply from here on; {@link Precision#F32} until it is set.
     * A backend that always multiplies exactly, as the CPU's, does so still.
     */
    default void precision(Precision precision) {
    }

    /**
     * Whether features may be half types: {@link #fusedConv2d} and {@link #toRgb} take them, and {@link #fusedConv2d}
     * gives them; what their gradients are made of ({@link #conv2d}, its input and weight gradients, {@link #binary},
     * {@link #biasActGradient} of order 1, {@link #sumOfProducts}, {@link #reduce}, {@link #upfirdn2d}) reads them in
     * any of its picture-like operands, and all but the sums and the weight gradient also write them. Sums are F32 all
     * the same.
     */
    default boolean convolvesHalf() {
        return false;
    }

    /** Whether {@link #toRgb} is one pass; elsewhere its parts are as good. */
    default boolean fusesToRgb() {
        return false;
    }

    // ---- recorded work

    /**
     * Records what {@code work} starts, without running it. Memory allocated meanwhile stays with the recording; other
     * memory that the work uses must live as long. Reading values fails meanwhile, and no other thread may use the
     * backend.
     *
     * @throws UnsupportedOperationException if this backend does not record
     */
    default Recording record(Runnable work) {
        throw new UnsupportedOperationException("record: not possible on " + description());
    }

    /** Whether {@link #record} is possible. */
    default boolean canRecord() {
        return false;
    }

    // ---- data movement

    void fill(NdArray y, float value);

    /** {@code y = x}, converting the type; both may be strided, x may broadcast. */
    void copy(NdArray x, NdArray y);

    /** Picks along {@code axis}: {@code y[…, i, …] = x[…, index[i], …]} with a one-dimensional index. */
    void indexSelect(NdArray x, int axis, NdArray index, NdArray y);

    /** The adjoint: {@code y = 0}, then {@code y[…, index[i], …] += x[…, i, …]}, in the order of i. */
    void indexAdd(NdArray x, int axis, NdArray index, NdArray y);

    /** Picks element by element: y and index have one shape; {@code y[…, i, …] = x[…, index[…, i, …], …]}. */
    void gather(NdArray x, int axis, NdArray index, NdArray y);

    /** The adjoint: {@code y = 0}, then {@code y[…, index[…, i, …], …] += x[…, i, …]}, in the order of i. */
    void scatterAdd(NdArray x, int axis, NdArray index, NdArray y);

    // ---- elementwise

    void unary(UnaryOp op, NdArray x, float p, float q, NdArray y);

    /** a and b have y's shape (zero strides where they broadcast). */
    void binary(BinaryOp op, NdArray a, NdArray b, NdArray y);

    /**
     * {@code y = x·scale + z} with one factor for each run of neighbours: x, z and y dense of one shape, scale dense,
     * with size 1 in the last dimensions and x's in those before.
     */
    default void addScaled(NdArray x, NdArray scale, NdArray z, NdArray y) {
        long[] strides = scale.strides().clone();
        for (int d = 0; d < strides.length; d++) {
            strides[d] = scale.size(d) == 1 ? 0 : strides[d];
        }
        binary(BinaryOp.MULTIPLY, x, new NdArray(scale.buffer(), scale.type(), scale.offset(), x.shape(), strides), y);
        binary(BinaryOp.ADD, y, z, y);
    }

    /** {@code y = condition ≠ 0 ? a : b}. */
    void where(NdArray condition, NdArray a, NdArray b, NdArray y);

    /** Several elementwise functions in one pass. The inputs have y's shape (zero strides where they broadcast). */
    default void chain(ElementwiseChain chain, List<NdArray> inputs, NdArray y) {
        chain.runStepByStep(this, inputs, y);
    }

    /**
     * {@code y = clamp(gain · f(x + b))} over a dense x.
     *
     * @param bias [x.size(channelDim)], or null
     */
    void biasAct(NdArray x, NdArray bias, BiasAct spec, NdArray y);

    /**
     * First or second derivative of bias and activation, times its factors: order 1 gives
     * {@code y = a · gain · f'} and order 2 {@code y = a · b · gain · f''}, zero where the clamp holds.
     *
     * @param reference the forward's input x, or its output when {@code fromOutput} (invertible activations only;
     *     values at the clamp then count as clamped)
     * @param bias the forward's bias, or null; not read when {@code fromOutput}
     * @param b null for order 1
     */
    void biasActGradient(int order, NdArray a, NdArray b, NdArray reference, NdArray bias, boolean fromOutput,
                         BiasAct spec, NdArray y);

    /** Updates parameter, mean and square in place, all four dense: see {@link AdamStep}. */
    void adam(NdArray parameter, NdArray gradient, NdArray mean, NdArray square, AdamStep step);

    /** Updates several parameters in place; a device may do all in one launch. */
    default void adam(List<AdamTarget> targets, AdamStep step) {
        for (AdamTarget target : targets) {
            adam(target.parameter(), target.gradient(), target.mean(), target.square(), step);
        }
    }

    // ---- reductions and order

    /** y has x's rank, with size 1 in each reduced dimension. */
    void reduce(ReduceOp op, NdArray x, NdArray y);

    /**
     * {@code y = Σ a·b} in one pass. a and b have one shape (zero strides where they broadcast), y size 1 in each
     * reduced dimension.
     */
    void sumOfProducts(NdArray a, NdArray b, NdArray y);

    /** Index of the first largest element along {@code axis}, which has size 1 in y ({@link DType#I32}). */
    void argMax(NdArray x, int axis, NdArray y);

    /** Indices that sort the last dimension stably, NaN last ({@link DType#I32}). */
    void argSort(NdArray x, boolean descending, NdArray y);

    /** Running sums along the last dimension. */
    void cumulativeSum(NdArray x, NdArray y);

    /** Softmax over the last dimension. */
    void softmax(NdArray x, NdArray y);

    /**
     * {@code y = (x − mean)·r} with {@code r = 1/√(variance + epsilon)}, by the mean and the biased variance of each
     * row. All dense F32.
     *
     * @param x [rows, n]
     * @param y [rows, n]
     * @param r [rows, 1]
     */
    default void standardize(NdArray x, float epsilon, NdArray y, NdArray r) {
        float share = 1f / x.size(1);
        NdArray wide = new NdArray(r.buffer(), DType.F32, r.offset(), x.shape(), new long[] {1, 0});
        reduce(ReduceOp.SUM, x, r);
        unary(UnaryOp.AFFINE, r, share, 0, r);
        binary(BinaryOp.SUBTRACT, x, wide, y);
        reduce(ReduceOp.SUM_OF_SQUARES, y, r);
        unary(UnaryOp.AFFINE, r, share, epsilon, r);
        unary(UnaryOp.RSQRT, r, 0, 0, r);
        binary(BinaryOp.MULTIPLY, y, wide, y);
    }

    /**
     * How different feature vectors are, as LPIPS has it: with {@code unit(v) = v / √(Σ v² + epsilon)} over the
     * channels at each place, {@code y[n]} is the mean over places of {@code Σ_c (scale_c·(unit(a)_c − unit(b)_c))²}.
     *
     * @param a [N, C, H, W], each sample dense
     * @param b as a; dimension 0 may have stride zero
     * @param scale [C], dense
     * @param y [N]
     */
    void featureDistance(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray y);

    /** The gradient of Σ dy·{@link #featureDistance} in a; that in b is the same with a and b exchanged. */
    void featureDistanceGradient(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray dy, NdArray da);

    // ---- linear algebra and convolution

    /** Batched product {@code y[b] = a[b]·b[b]}: [B, M, K] · [B, K, N]; transposes come as strides. */
    void matmul(NdArray a, NdArray b, NdArray y);

    /**
     * Whether the weight of {@link #conv2d} and the result of {@link #conv2dWeightGradient} may have their first two
     * dimensions exchanged in memory.
     */
    default boolean takesExchangedWeights() {
        return false;
    }

    /** x [N, C, H, W], weight [O, C/groups, kh, kw] → y [N, O, oh, ow]; all dense. */
    void conv2d(NdArray x, NdArray weight, ConvGeometry geometry, ChannelScales scales, NdArray y);

    /**
     * The adjoint in x, which is also the transposed convolution: dy [N, O, oh, ow] → dx [N, C, H, W]. Output scales
     * multiply dy while loading, input scales dx while storing.
     */
    void conv2dInputGradient(NdArray dy, NdArray weight, ConvGeometry geometry, ChannelScales scales, NdArray dx);

    /** The adjoint in the weight: x and dy → dw [O, C/groups, kh, kw], summed over the samples. */
    void conv2dWeightGradient(NdArray x, NdArray dy, ConvGeometry geometry, ChannelScales scales, NdArray dw);

    /**
     * The factors that demodulate a modulated convolution:
     * {@code y[n, o] = 1/√(Σ_c styles[n, c]²·energy[o, c] + epsilon)}, all three dense.
     *
     * @param energy [O, C]: the weight's squares, summed over the kernel
     * @param styles [N, C]
     * @param y [N, O]
     */
    default void demodulation(NdArray energy, NdArray styles, float epsilon, NdArray y) {
        int channels = styles.size(1);
        Buffer memory = allocate(styles.numel() * Float.BYTES);
        NdArray squares = NdArray.contiguous(memory, DType.F32, styles.shape());
        unary(UnaryOp.SQUARE, styles, 0, 0, squares);
        matmul(new NdArray(memory, DType.F32, 0, new int[] {1, styles.size(0), channels},
                        new long[] {0, channels, 1}),
                new NdArray(energy.buffer(), DType.F32, energy.offset(), new int[] {1, channels, energy.size(0)},
                        new long[] {0, 1, channels}),
                new NdArray(y.buffer(), DType.F32, y.offset(), new int[] {1, y.size(0), y.size(1)},
                        new long[] {0, y.size(1), 1}));
        unary(UnaryOp.AFFINE, y, 1, epsilon, y);
        unary(UnaryOp.RSQRT, y, 0, 0, y);
        release(memory);
    }

    /**
     * A convolution with scales, resampling and epilogue in one pass; k = 1 or 3, dense arrays. Where
     * {@link #convolvesHalf}, x and y may be half types, each its own; sums are F32 all the same.
     */
    void fusedConv2d(NdArray x, NdArray weight, FusedConv spec, NdArray y);

    /**
     * Features to picture: {@code y = clamp(weight·(styles·x) + bias) + upsampled(skip)}, all dense.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C, 1, 1]
     * @param y [N, O, H, W]
     */
    default void toRgb(NdArray x, NdArray weight, ToRgb spec, NdArray y) {
        fusedConv2d(x, weight, new FusedConv(FusedConv.Resample.NONE, null, new ChannelScales(spec.styles(), null),
                new Epilogue(null, null, spec.bias(), new BiasAct(1, Activation.LINEAR, 0, 1, spec.clamp()))), y);
        if (spec.skip() != null) {
            Buffer memory = allocate(y.numel() * Float.BYTES);
            NdArray wide = NdArray.contiguous(memory, DType.F32, y.shape());
            upfirdn2d(spec.skip(), spec.fir().scaled(4), ToRgb.upsampling(spec.fir()), wide);
            binary(BinaryOp.ADD, y, wide, y);
            release(memory);
        }
    }

    /** x [N, C, H, W] → y of {@code geometry}'s size; its adjoint is another upfirdn2d. */
    void upfirdn2d(NdArray x, Fir fir, Upfirdn geometry, NdArray y);

    // ---- sampling

    /** Applies a sparse linear map along one axis of a dense x. */
    void linearMap(NdArray x, int axis, LinearMap map, NdArray y);

    /**
     * Largest value in each window of x [N, C, H, W], the padding counting as −∞, and its flat index in the H·W plane
     * (the first of equals).
     *
     * @param indices {@link DType#I32}, of y's shape
     */
    void maxPool2d(NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y, NdArray indices);

    /** Bilinear samples with zeros outside; grid [N, h, w, 2] holds x, y in −1…1, as PyTorch's grid_sample. */
    void gridSample(NdArray x, NdArray grid, boolean alignCorners, NdArray y);

    /** The adjoint of {@link #gridSample} in x. */
    void gridSampleInputGradient(NdArray dy, NdArray grid, boolean alignCorners, NdArray dx);

    // ---- random numbers

    /** Element i is number {@code first + i} of the stream {@code seed}: equal on every backend. */
    void random(Distribution distribution, long seed, long first, NdArray y);

    @Override
    void close();
}
