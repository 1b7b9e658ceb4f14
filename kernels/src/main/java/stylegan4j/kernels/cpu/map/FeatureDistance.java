package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.gemm.HeapArray;

/**
 * Mean over places of the squared difference of feature vectors of unit length, each channel scaled. A task takes a
 * block of places through all channels. It copies them first: in the picture the channels of a place are a power of two
 * apart more often than not, and would drive each other from the cache before the lengths are known.
 */
public final class FeatureDistance {
    private static final FeatureKernel KERNEL = FeatureKernel.CHOSEN;
    private static final GemmKernel COPY = GemmKernel.BEST;
    /** Floats of one picture's features in a block; with those of the other they fit in the second-level cache. */
    private static final int BLOCK = 32 << 10;
    /** Places of a block: fewer would be short runs in memory, more would be few tasks. */
    private static final int LEAST_PLACES = 64;
    private static final int MOST_PLACES = 512;

    private static final HeapArray FEATURES_A = new HeapArray();
    private static final HeapArray FEATURES_B = new HeapArray();
    private static final HeapArray INVERSE_A = new HeapArray();
    private static final HeapArray INVERSE_B = new HeapArray();
    private static final HeapArray SUMS = new HeapArray();
    private static final HeapArray GRADIENTS = new HeapArray();

    private final NdArray a;
    private final NdArray b;
    private final MemorySegment scale;
    private final float epsilon;
    private final int channels;
    private final int places;
    private final int blockPlaces;
    private final int blocks;

    private FeatureDistance(NdArray a, NdArray b, NdArray scale, float epsilon) {
        this.a = a;
        this.b = b;
        this.scale = CpuBuffer.segmentOf(scale).asSlice(4 * scale.offset(), 4 * scale.numel());
        this.epsilon = epsilon;
        this.channels = a.size(1);
        this.places = Math.multiplyExact(a.size(2), a.size(3));
        int most = Math.clamp(BLOCK / Math.max(1, channels), LEAST_PLACES, MOST_PLACES);
        int vectors = Math.min(most / FeatureKernel.LANES, Math.ceilDiv(places, FeatureKernel.LANES));
        this.blockPlaces = Math.max(1, vectors) * FeatureKernel.LANES;
        this.blocks = Math.ceilDiv(places, blockPlaces);
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
        FeatureKernel.Pair pair = pair(n, block);
        float[] sums = zeros(SUMS);
        for (int c = 0; c < channels; c++) {
            KERNEL.addDistances(pair, c * blockPlaces, scale.getAtIndex(JAVA_FLOAT, c), sums, blockPlaces);
        }
        double sum = 0;
        for (int i = 0; i < count(block); i++) {
            sum += sums[i];
        }
        return sum;
    }

    /** With u and v of unit length and g = scale²·(u − v): {@code da = dy·2/places · (g − u·(u·g)) / ‖a‖}. */
    private void gradient(int n, int block, NdArray dy, NdArray da) {
        FeatureKernel.Pair pair = pair(n, block);
        float[] dots = zeros(SUMS);
        for (int c = 0; c < channels; c++) {
            KERNEL.addDots(pair, c * blockPlaces, squareOfScale(c), dots, blockPlaces);
        }
        float seed = CpuBuffer.segmentOf(dy).getAtIndex(JAVA_FLOAT, dy.offset() + n * dy.strides()[0]);
        float[] gradients = GRADIENTS.ofSize(blockPlaces);
        for (int c = 0; c < channels; c++) {
            KERNEL.gradients(pair, c * blockPlaces, squareOfScale(c), dots, gradients, blockPlaces);
            COPY.scaledStore(gradients, 0, (float) (2.0 * seed / places), CpuBuffer.segmentOf(da),
                    place(da, n, c, block), count(block));
        }
    }

    private float squareOfScale(int c) {
        float factor = scale.getAtIndex(JAVA_FLOAT, c);
        return factor * factor;
    }

    private FeatureKernel.Pair pair(int n, int block) {
        float[] featuresA = FEATURES_A.ofSize(channels * blockPlaces);
        float[] featuresB = FEATURES_B.ofSize(channels * blockPlaces);
        return new FeatureKernel.Pair(featuresA, featuresB, copy(a, n, block, featuresA, INVERSE_A),
                copy(b, n, block, featuresB, INVERSE_B));
    }

    /** Copies the features of a block; returns the reciprocals of their lengths. */
    private float[] copy(NdArray x, int n, int block, float[] features, HeapArray inverses) {
        int count = count(block);
        float[] lengths = zeros(inverses);
        for (int c = 0; c < channels; c++) {
            int at = c * blockPlaces;
            COPY.scaledCopy(CpuBuffer.segmentOf(x), place(x, n, c, block), 1, features, at, count);
            Arrays.fill(features, at + count, at + blockPlaces, 0);
            KERNEL.addSquares(features, at, lengths, blockPlaces);
        }
        for (int i = 0; i < count; i++) {
            lengths[i] = 1 / (float) Math.sqrt(lengths[i] + epsilon);
        }
        return lengths;
    }

    private int count(int block) {
        return Math.min(blockPlaces, places - block * blockPlaces);
    }

    /** The byte at which a block of a channel begins. */
    private long place(NdArray x, int n, int c, int block) {
        return 4 * (x.offset() + n * x.strides()[0] + (long) c * places + (long) block * blockPlaces);
    }

    private float[] zeros(HeapArray kept) {
        float[] array = kept.ofSize(blockPlaces);
        Arrays.fill(array, 0, blockPlaces, 0);
        return array;
    }
}
