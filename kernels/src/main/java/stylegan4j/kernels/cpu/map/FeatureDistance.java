package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Mean over places of the squared difference of feature vectors of unit length, each channel scaled. A task takes a
 * block of places through all channels, which stay in cache from the norms to the differences.
 */
public final class FeatureDistance {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;
    /** Places of a task. */
    private static final int PLACES = 512;

    private final NdArray a;
    private final NdArray b;
    private final MemorySegment scale;
    private final float epsilon;
    private final int channels;
    private final long places;
    private final int blocks;

    private FeatureDistance(NdArray a, NdArray b, NdArray scale, float epsilon) {
        this.a = a;
        this.b = b;
        this.scale = CpuBuffer.segmentOf(scale).asSlice(4 * scale.offset(), 4 * scale.numel());
        this.epsilon = epsilon;
        this.channels = a.size(1);
        this.places = (long) a.size(2) * a.size(3);
        this.blocks = Math.toIntExact(Math.ceilDiv(places, PLACES));
    }

    /** As {@link stylegan4j.kernels.Backend#featureDistance}. */
    public static void forward(Threads threads, NdArray a, NdArray b, NdArray scale, float epsilon, NdArray y) {
        FeatureDistance op = new FeatureDistance(a, b, scale, epsilon);
        int samples = a.size(0);
        double[] parts = new double[samples * op.blocks];
        threads.run(parts.length, task -> parts[task] = op.distance(task / op.blocks, task % op.blocks));
        MemorySegment out = CpuBuffer.segmentOf(y);
        for (int n = 0; n < samples; n++) {
            double sum = 0;
            for (int block = 0; block < op.blocks; block++) {
                sum += parts[n * op.blocks + block];
            }
            out.setAtIndex(JAVA_FLOAT, y.offset() + n, (float) (sum / op.places));
        }
    }

    /** As {@link stylegan4j.kernels.Backend#featureDistanceGradient}. */
    public static void gradient(Threads threads, NdArray a, NdArray b, NdArray scale, float epsilon, NdArray dy,
                                NdArray da) {
        FeatureDistance op = new FeatureDistance(a, b, scale, epsilon);
        threads.run(a.size(0) * op.blocks, task -> op.gradient(task / op.blocks, task % op.blocks, dy, da));
    }

    private double distance(int n, int block) {
        int count = count(block);
        lengths(n, block);
        MemorySegment sums = zeros(4, count);
        for (int c = 0; c < channels; c++) {
            MemorySegment difference = difference(n, c, block, scale.getAtIndex(JAVA_FLOAT, c));
            KERNEL.accumulate(ReduceOp.SUM_OF_SQUARES, difference, sums, count);
        }
        return KERNEL.reduce(ReduceOp.SUM, sums, 0, count);
    }

    /** With u and v of unit length and g = scale²·(u − v): {@code da = dy·2/places · (g − u·(u·g)) / ‖a‖}. */
    private void gradient(int n, int block, NdArray dy, NdArray da) {
        int count = count(block);
        lengths(n, block);
        MemorySegment dot = zeros(4, count);
        for (int c = 0; c < channels; c++) {
            MemorySegment g = slope(n, c, block);
            KERNEL.binary(BinaryOp.MULTIPLY, g, Blocks.scratch(2), g, count);
            KERNEL.accumulate(ReduceOp.SUM, g, dot, count);
        }
        float seed = CpuBuffer.segmentOf(dy).getAtIndex(JAVA_FLOAT, dy.offset() + n * dy.strides()[0]);
        for (int c = 0; c < channels; c++) {
            MemorySegment g = slope(n, c, block);
            MemorySegment u = Blocks.scratch(2);
            KERNEL.binary(BinaryOp.MULTIPLY, u, dot, u, count);
            KERNEL.binary(BinaryOp.SUBTRACT, g, u, g, count);
            KERNEL.binary(BinaryOp.MULTIPLY, g, Blocks.scratch(0), g, count);
            KERNEL.unary(UnaryOp.AFFINE, g, (float) (2.0 * seed / places), 0, slice(da, n, c, block), count);
        }
    }

    private MemorySegment slope(int n, int c, int block) {
        float factor = scale.getAtIndex(JAVA_FLOAT, c);
        return difference(n, c, block, factor * factor);
    }

    /** {@code factor·(u − v)} in scratch 3, where u stays in scratch 2. */
    private MemorySegment difference(int n, int c, int block, float factor) {
        int count = count(block);
        MemorySegment u = Blocks.scratch(2);
        MemorySegment v = Blocks.scratch(3);
        KERNEL.binary(BinaryOp.MULTIPLY, slice(a, n, c, block), Blocks.scratch(0), u, count);
        KERNEL.binary(BinaryOp.MULTIPLY, slice(b, n, c, block), Blocks.scratch(1), v, count);
        KERNEL.binary(BinaryOp.SUBTRACT, u, v, v, count);
        KERNEL.unary(UnaryOp.AFFINE, v, factor, 0, v, count);
        return v;
    }

    /** Reciprocal lengths of a's vectors in scratch 0 and of b's in scratch 1. */
    private void lengths(int n, int block) {
        lengths(a, n, block, 0);
        lengths(b, n, block, 1);
    }

    private void lengths(NdArray x, int n, int block, int slot) {
        int count = count(block);
        MemorySegment sums = zeros(slot, count);
        for (int c = 0; c < channels; c++) {
            KERNEL.accumulate(ReduceOp.SUM_OF_SQUARES, slice(x, n, c, block), sums, count);
        }
        KERNEL.unary(UnaryOp.AFFINE, sums, 1, epsilon, sums, count);
        KERNEL.unary(UnaryOp.RSQRT, sums, 0, 0, sums, count);
    }

    private int count(int block) {
        return (int) Math.min(PLACES, places - (long) block * PLACES);
    }

    private MemorySegment slice(NdArray x, int n, int c, int block) {
        long at = x.offset() + n * x.strides()[0] + c * places + (long) block * PLACES;
        return CpuBuffer.segmentOf(x).asSlice(4 * at, 4L * count(block));
    }

    private static MemorySegment zeros(int slot, int count) {
        MemorySegment scratch = Blocks.scratch(slot);
        scratch.asSlice(0, 4L * count).fill((byte) 0);
        return scratch;
    }
}
