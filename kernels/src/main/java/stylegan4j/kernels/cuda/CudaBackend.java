package stylegan4j.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.AdamTarget;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.MemoryStats;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.Recording;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.ToRgb;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cuda.conv.Convolutions;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuProperties;
import stylegan4j.kernels.cuda.map.Adam;
import stylegan4j.kernels.cuda.map.BiasActivation;
import stylegan4j.kernels.cuda.map.Buckets;
import stylegan4j.kernels.cuda.map.Chain;
import stylegan4j.kernels.cuda.map.Elementwise;
import stylegan4j.kernels.cuda.map.FeatureDistance;
import stylegan4j.kernels.cuda.map.Indexing;
import stylegan4j.kernels.cuda.map.Movement;
import stylegan4j.kernels.cuda.map.Order;
import stylegan4j.kernels.cuda.map.Reduction;
import stylegan4j.kernels.cuda.map.Rows;
import stylegan4j.kernels.cuda.sample.GridSample;
import stylegan4j.kernels.cuda.sample.LinearMaps;
import stylegan4j.kernels.cuda.sample.MaxPool2d;
import stylegan4j.kernels.cuda.sample.RandomNumbers;
import stylegan4j.kernels.cuda.sample.Upfirdn2d;

/**
 * A GPU by CUDA: our own kernels, and a vendor's libraries for plain convolutions and matrix products where they are
 * there. All work runs in order on one stream; only reading values waits for it.
 */
public final class CudaBackend implements Backend {
    private final CudaContext cuda;
    private final Staging staging;
    private final Faults faults;
    private final Constants constants;
    private final Movement movement;
    private final Elementwise elementwise;
    private final Chain chain;
    private final Reduction reduction;
    private final Rows rows;
    private final Adam adam;
    private final BiasActivation biasActivation;
    private final Indexing indexing;
    private final Order order;
    private final FeatureDistance featureDistance;
    private final Upfirdn2d upfirdn2d;
    private final LinearMaps linearMaps;
    private final MaxPool2d maxPool2d;
    private final GridSample gridSample;
    private final RandomNumbers randomNumbers;
    private final Convolutions convolutions;

    /** @param platform taken over: closed with this */
    public CudaBackend(GpuPlatform platform) {
        cuda = new CudaContext(platform);
        staging = new Staging(platform.gpu(), cuda.stream());
        faults = new Faults(cuda, staging);
        constants = new Constants(cuda, staging);
        movement = new Movement(cuda);
        elementwise = new Elementwise(cuda);
        chain = new Chain(cuda);
        reduction = new Reduction(cuda);
        rows = new Rows(cuda);
        adam = new Adam(cuda);
        biasActivation = new BiasActivation(cuda, movement);
        Buckets buckets = new Buckets(cuda, movement);
        indexing = new Indexing(cuda, movement, buckets, faults);
        order = new Order(cuda, movement);
        featureDistance = new FeatureDistance(cuda);
        upfirdn2d = new Upfirdn2d(cuda, constants);
        linearMaps = new LinearMaps(cuda, constants);
        maxPool2d = new MaxPool2d(cuda);
        gridSample = new GridSample(cuda, movement, buckets);
        randomNumbers = new RandomNumbers(cuda);
        convolutions = new Convolutions(cuda);
    }

    /** How convolutions and matrix products multiply; {@link Precision#F32} until it is set. */
    public Precision precision() {
        return cuda.precision();
    }

    @Override
    public void precision(Precision precision) {
        cuda.precision(precision);
    }

    @Override
    public String description() {
        GpuProperties gpu = cuda.gpu().properties();
        return "cuda:" + gpu.index() + ", " + gpu.name() + ", " + gpu.architecture();
    }

    @Override
    public Buffer allocate(long bytes) {
        return cuda.memory().allocate(bytes);
    }

    @Override
    public void release(Buffer buffer) {
        cuda.memory().release((CudaBuffer) buffer);
    }

    @Override
    public void trim() {
        cuda.memory().trim();
    }

    @Override
    public MemoryStats memory() {
        return cuda.memory().stats();
    }

    @Override
    public void resetPeak() {
        cuda.memory().resetPeak();
    }

    /** What holds device memory, the largest first; empty if nothing does. */
    public String memoryReport() {
        return cuda.memory().report();
    }

    @Override
    public void upload(MemorySegment host, Buffer buffer, long at) {
        staging.upload(host, ((CudaBuffer) buffer).pointer() + at);
    }

    @Override
    public void download(Buffer buffer, long at, MemorySegment host) {
        staging.download(((CudaBuffer) buffer).pointer() + at, host);
        faults.check();
    }

    @Override
    public boolean convolvesHalf() {
        return true;
    }

    @Override
    public Recording record(Runnable work) {
        return new CudaGraph(cuda, staging, work);
    }

    @Override
    public boolean canRecord() {
        return true;
    }

    @Override
    public void fill(NdArray y, float value) {
        movement.fill(y, value);
    }

    @Override
    public void copy(NdArray x, NdArray y) {
        movement.copy(x, y);
    }

    @Override
    public void indexSelect(NdArray x, int axis, NdArray index, NdArray y) {
        indexing.select(x, axis, index, y);
    }

    @Override
    public void indexAdd(NdArray x, int axis, NdArray index, NdArray y) {
        indexing.add(x, axis, index, y);
    }

    @Override
    public void gather(NdArray x, int axis, NdArray index, NdArray y) {
        indexing.gather(x, axis, index, y);
    }

    @Override
    public void scatterAdd(NdArray x, int axis, NdArray index, NdArray y) {
        indexing.scatterAdd(x, axis, index, y);
    }

    @Override
    public void unary(UnaryOp op, NdArray x, float p, float q, NdArray y) {
        elementwise.unary(op, x, p, q, y);
    }

    @Override
    public void binary(BinaryOp op, NdArray a, NdArray b, NdArray y) {
        elementwise.binary(op, a, b, y);
    }

    @Override
    public void where(NdArray condition, NdArray a, NdArray b, NdArray y) {
        elementwise.where(condition, a, b, y);
    }

    @Override
    public void chain(ElementwiseChain steps, List<NdArray> inputs, NdArray y) {
        if (steps.steps().size() == 1) {
            steps.runStepByStep(this, inputs, y);
        } else {
            chain.run(steps, inputs, y);
        }
    }

    @Override
    public void biasAct(NdArray x, NdArray bias, BiasAct spec, NdArray y) {
        biasActivation.forward(x, bias, spec, y);
    }

    @Override
    public void biasActGradient(int order, NdArray a, NdArray b, NdArray reference, NdArray bias,
                                boolean fromOutput, BiasAct spec, NdArray y) {
        biasActivation.gradient(order, a, b, reference, bias, fromOutput, spec, y);
    }

    @Override
    public void adam(NdArray parameter, NdArray gradient, NdArray mean, NdArray square, AdamStep step) {
        adam.step(List.of(new AdamTarget(parameter, gradient, mean, square)), step);
    }

    @Override
    public void adam(List<AdamTarget> targets, AdamStep step) {
        adam.step(targets, step);
    }

    @Override
    public void reduce(ReduceOp op, NdArray x, NdArray y) {
        reduction.reduce(op, x, y);
    }

    @Override
    public void sumOfProducts(NdArray a, NdArray b, NdArray y) {
        reduction.sumOfProducts(a, b, y);
    }

    @Override
    public void argMax(NdArray x, int axis, NdArray y) {
        reduction.argMax(x, axis, y);
    }

    @Override
    public void argSort(NdArray x, boolean descending, NdArray y) {
        order.argSort(x, descending, y);
    }

    @Override
    public void cumulativeSum(NdArray x, NdArray y) {
        rows.cumulativeSum(x, y);
    }

    @Override
    public void softmax(NdArray x, NdArray y) {
        rows.softmax(x, y);
    }

    @Override
    public void standardize(NdArray x, float epsilon, NdArray y, NdArray r) {
        rows.standardize(x, epsilon, y, r);
    }

    @Override
    public void featureDistance(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray y) {
        featureDistance.forward(a, b, scale, epsilon, y);
    }

    @Override
    public void featureDistanceGradient(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray dy, NdArray da) {
        featureDistance.gradient(a, b, scale, epsilon, dy, da);
    }

    @Override
    public void matmul(NdArray a, NdArray b, NdArray y) {
        convolutions.matmul(a, b, y);
    }

    @Override
    public void conv2d(NdArray x, NdArray weight, ConvGeometry geometry, ChannelScales scales, NdArray y) {
        convolutions.forward(x, weight, geometry, scales, y);
    }

    @Override
    public void conv2dInputGradient(NdArray dy, NdArray weight, ConvGeometry geometry, ChannelScales scales,
                                    NdArray dx) {
        convolutions.inputGradient(dy, weight, geometry, scales, dx);
    }

    @Override
    public void conv2dWeightGradient(NdArray x, NdArray dy, ConvGeometry geometry, ChannelScales scales, NdArray dw) {
        convolutions.weightGradient(x, dy, geometry, scales, dw);
    }

    @Override
    public void demodulation(NdArray energy, NdArray styles, float epsilon, NdArray y) {
        convolutions.demodulation(energy, styles, epsilon, y);
    }

    @Override
    public void fusedConv2d(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        convolutions.fused(x, weight, spec, y);
    }

    @Override
    public boolean fusesToRgb() {
        return true;
    }

    @Override
    public void toRgb(NdArray x, NdArray weight, ToRgb spec, NdArray y) {
        if (!convolutions.toRgb(x, weight, spec, y)) {
            Backend.super.toRgb(x, weight, spec, y);
        }
    }

    @Override
    public void upfirdn2d(NdArray x, Fir fir, Upfirdn geometry, NdArray y) {
        upfirdn2d.run(x, fir, geometry, y);
    }

    @Override
    public void linearMap(NdArray x, int axis, LinearMap map, NdArray y) {
        linearMaps.run(x, axis, map, y);
    }

    @Override
    public void maxPool2d(NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y, NdArray indices) {
        maxPool2d.run(x, geometry, kernelY, kernelX, y, indices);
    }

    @Override
    public void gridSample(NdArray x, NdArray grid, boolean alignCorners, NdArray y) {
        gridSample.run(x, grid, alignCorners, y);
    }

    @Override
    public void gridSampleInputGradient(NdArray dy, NdArray grid, boolean alignCorners, NdArray dx) {
        gridSample.inputGradient(dy, grid, alignCorners, dx);
    }

    @Override
    public void random(Distribution distribution, long seed, long first, NdArray y) {
        randomNumbers.run(distribution, seed, first, y);
    }

    @Override
    public void close() {
        cuda.gpu().synchronize(cuda.stream());
        faults.close();
        constants.close();
        staging.close();
        cuda.close();
    }
}
