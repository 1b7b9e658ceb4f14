package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/**
 * Elements of a seed's stream: number i is lane i mod 4 of {@link Philox} block i/4. Normal numbers come in pairs from
 * pairs of lanes, uniform ones from the upper 24 bits of each lane.
 */
public final class RandomNumbers {
    private static final BoxMuller NORMAL = BoxMuller.best();
    /** Philox blocks of one task. */
    private static final int BLOCKS = 512;

    private RandomNumbers() {
    }

    /** Fills a dense y with the numbers {@code first, first + 1, …} of the stream. */
    public static void run(Threads threads, Distribution distribution, long seed, long first, NdArray y) {
        MemorySegment to = CpuBuffer.segmentOf(y);
        long end = first + y.numel();
        long firstBlock = first / 4;
        int tasks = y.numel() == 0 ? 0 : Math.toIntExact(Math.ceilDiv(Math.ceilDiv(end, 4) - firstBlock, BLOCKS));
        threads.run(tasks, task -> {
            long block = firstBlock + (long) task * BLOCKS;
            float[] values = new float[4 * BLOCKS];
            draw(distribution, seed, block, values);
            int skip = (int) Math.max(0, first - 4 * block);
            int count = (int) Math.min(values.length, end - 4 * block) - skip;
            MemorySegment.copy(values, skip, to, JAVA_FLOAT, 4 * (y.offset() + 4 * block + skip - first), count);
        });
    }

    private static void draw(Distribution distribution, long seed, long block, float[] values) {
        int[] words = new int[values.length];
        Philox.words(seed, block, BLOCKS, words);
        switch (distribution) {
            case UNIFORM -> {
                for (int i = 0; i < words.length; i++) {
                    values[i] = (words[i] >>> 8) * 0x1p-24f;
                }
            }
            case NORMAL -> NORMAL.transform(words, words.length / 2, values);
        }
    }
}
