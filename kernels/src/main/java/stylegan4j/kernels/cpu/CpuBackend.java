package stylegan4j.kernels.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import stylegan4j.kernels.AdamStep;
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
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cpu.conv.Convolutions;
import stylegan4j.kernels.cpu.conv.FusedConvolution;
import stylegan4j.kernels.cpu.gemm.Matmul;
import stylegan4j.kernels.cpu.map.Adam;
import stylegan4j.kernels.cpu.map.BiasActivation;
import stylegan4j.kernels.cpu.map.Chain;
import stylegan4j.kernels.cpu.map.Elementwise;
import stylegan4j.kernels.cpu.map.FeatureDistance;
import stylegan4j.kernels.cpu.map.Indexing;
import stylegan4j.kernels.cpu.map.Movement;
import stylegan4j.kernels.cpu.map.Order;
import stylegan4j.kernels.cpu.map.Reduction;
import stylegan4j.kernels.cpu.map.Rows;
import stylegan4j.kernels.cpu.map.ScaledSum;
import stylegan4j.kernels.cpu.sample.GridSample;
import stylegan4j.kernels.cpu.sample.LinearMaps;
import stylegan4j.kernels.cpu.sample.MaxPool2d;
import stylegan4j.kernels.cpu.sample.RandomNumbers;
import stylegan4j.kernels.cpu.sample.Upfirdn2d;

/** The CPU: off-heap memory, all cores, vector kernels where the JVM has the Vector API and plain loops elsewhere. */
public final class CpuBackend implements Backend {
    private final MemoryPool pool = new MemoryPool();
    private final Threads threads;

    /** @param threadCount threads to compute with; results do not depend on it */
    public CpuBackend(int threadCount) {
        this.threads = new Threads(threadCount);
    }

    @Override
    public String description() {
        return "cpu, " + threads.count() + " threads";
    }

    @Override
    public Buffer allocate(long bytes) {
        return pool.allocate(bytes);
    }

    @Override
    public void release(Buffer buffer) {
        pool.release((CpuBuffer) buffer);
    }

    @Override
    public void trim() {
        pool.trim();
    }

    @Override
    public MemoryStats memory() {
        return pool.stats();
    }

    @Override
    public void resetPeak() {
        pool.resetPeak();
    }

    @Override
    public void upload(MemorySegment host, Buffer buffer, long at) {
        CpuBuffer target = (CpuBuffer) buffer;
        target.written();
        MemorySegment.copy(host, 0, target.segment(), at, host.byteSize());
    }

    @Override
    public void download(Buffer buffer, long at, MemorySegment host) {
        MemorySegment.copy(((CpuBuffer) buffer).segment(), at, host, 0, host.byteSize());
    }

    @Override
    public void fill(NdArray y, float value) {
        Movement.fill(threads, written(y), value);
    }

    @Override
    public void copy(NdArray x, NdArray y) {
        Movement.copy(threads, x, written(y));
    }

    @Override
    public void indexSelect(NdArray x, int axis, NdArray index, NdArray y) {
        Indexing.select(threads, x, axis, index, written(y));
    }

    @Override
    public void indexAdd(NdArray x, int axis, NdArray index, NdArray y) {
        Indexing.add(threads, x, axis, index, written(y));
    }

    @Override
    public void gather(NdArray x, int axis, NdArray index, NdArray y) {
        Indexing.gather(threads, x, axis, index, written(y));
    }

    @Override
    public void scatterAdd(NdArray x, int axis, NdArray index, NdArray y) {
        Indexing.scatterAdd(threads, x, axis, index, written(y));
    }

    @Override
    public void unary(UnaryOp op, NdArray x, float p, float q, NdArray y) {
        Elementwise.unary(threads, op, x, p, q, written(y));
    }

    @Override
    public void binary(BinaryOp op, NdArray a, NdArray b, NdArray y) {
        Elementwise.binary(threads, op, a, b, written(y));
    }

    @Override
    public void addScaled(NdArray x, NdArray scale, NdArray z, NdArray y) {
        ScaledSum.run(threads, x, scale, z, written(y));
    }

    @Override
    public void where(NdArray condition, NdArray a, NdArray b, NdArray y) {
        Elementwise.where(threads, condition, a, b, written(y));
    }

    @Override
    public void chain(ElementwiseChain chain, List<NdArray> inputs, NdArray y) {
        Chain.run(threads, chain, inputs, written(y));
    }

    @Override
    public void biasAct(NdArray x, NdArray bias, BiasAct spec, NdArray y) {
        BiasActivation.forward(threads, x, bias, spec, written(y));
    }

    @Override
    public void biasActGradient(int order, NdArray a, NdArray b, NdArray reference, NdArray bias,
                                boolean fromOutput, BiasAct spec, NdArray y) {
        BiasActivation.gradient(threads, order, a, b, reference, bias, fromOutput, spec, written(y));
    }

    @Override
    public void adam(NdArray parameter, NdArray gradient, NdArray mean, NdArray square, AdamStep step) {
        Adam.step(threads, written(parameter), gradient, written(mean), written(square), step);
    }

    @Override
    public void reduce(ReduceOp op, NdArray x, NdArray y) {
        Reduction.reduce(threads, op, x, written(y));
    }

    @Override
    public void sumOfProducts(NdArray a, NdArray b, NdArray y) {
        Reduction.sumOfProducts(threads, a, b, y);
    }

    @Override
    public void argMax(NdArray x, int axis, NdArray y) {
        Order.argMax(threads, x, axis, written(y));
    }

    @Override
    public void argSort(NdArray x, boolean descending, NdArray y) {
        Order.argSort(threads, x, descending, written(y));
    }

    @Override
    public void cumulativeSum(NdArray x, NdArray y) {
        Rows.cumulativeSum(threads, x, written(y));
    }

    @Override
    public void softmax(NdArray x, NdArray y) {
        Rows.softmax(threads, x, written(y));
    }

    @Override
    public void featureDistance(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray y) {
        FeatureDistance.forward(threads, a, b, scale, epsilon, written(y));
    }

    @Override
    public void featureDistanceGradient(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray dy, NdArray da) {
        FeatureDistance.gradient(threads, a, b, scale, epsilon, dy, written(da));
    }

    @Override
    public void matmul(NdArray a, NdArray b, NdArray y) {
        Matmul.run(threads, a, b, written(y));
    }

    @Override
    public boolean takesExchangedWeights() {
        return true;
    }

    @Override
    public void conv2d(NdArray x, NdArray weight, ConvGeometry geometry, ChannelScales scales, NdArray y) {
        Convolutions.forward(threads, x, weight, geometry, scales, written(y));
    }

    @Override
    public void conv2dInputGradient(NdArray dy, NdArray weight, ConvGeometry geometry, ChannelScales scales,
                                    NdArray dx) {
        Convolutions.inputGradient(threads, dy, weight, geometry, scales, written(dx));
    }

    @Override
    public void conv2dWeightGradient(NdArray x, NdArray dy, ConvGeometry geometry, ChannelScales scales, NdArray dw) {
        Convolutions.weightGradient(threads, x, dy, geometry, scales, written(dw));
    }

    @Override
    public void fusedConv2d(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        FusedConvolution.run(threads, this, x, weight, spec, written(y));
    }

    @Override
    public void upfirdn2d(NdArray x, Fir fir, Upfirdn geometry, NdArray y) {
        Upfirdn2d.run(threads, x, fir, geometry, written(y));
    }

    @Override
    public void linearMap(NdArray x, int axis, LinearMap map, NdArray y) {
        LinearMaps.run(threads, x, axis, map, written(y));
    }

    @Override
    public void maxPool2d(NdArray x, ConvGeometry geometry, int kernelY, int kernelX, NdArray y, NdArray indices) {
        MaxPool2d.run(threads, x, geometry, kernelY, kernelX, written(y), written(indices));
    }

    @Override
    public void gridSample(NdArray x, NdArray grid, boolean alignCorners, NdArray y) {
        GridSample.run(threads, x, grid, alignCorners, written(y));
    }

    @Override
    public void gridSampleInputGradient(NdArray dy, NdArray grid, boolean alignCorners, NdArray dx) {
        GridSample.inputGradient(threads, dy, grid, alignCorners, written(dx));
    }

    @Override
    public void random(Distribution distribution, long seed, long first, NdArray y) {
        RandomNumbers.run(threads, distribution, seed, first, written(y));
    }

    @Override
    public void close() {
        threads.close();
        pool.close();
    }

    /** Marks an output: what kernels prepared from its old contents is out of date. */
    private static NdArray written(NdArray y) {
        CpuBuffer.of(y).written();
        return y;
    }
}
