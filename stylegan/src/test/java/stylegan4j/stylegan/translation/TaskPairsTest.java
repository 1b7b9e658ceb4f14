package stylegan4j.stylegan.translation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.stylegan.encoder.train.EncodingTask.Pair;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class TaskPairsTest extends OnDevice {
    private static final int SIDE = 16;

    private static TaskPairs pairs(String name, int classes) {
        Task task = Task.named(name);
        return new TaskPairs(task, task.source().apply(SourceOptions.forTraining(classes, List.of(2))), SIDE);
    }

    /** In the 256 levels that files have. */
    private static Tensor pictures(int n) {
        float[] values = new RandomNumbers(6).uniform(n, 3, SIDE, SIDE).toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.round(values[i] * 255) / 127.5f - 1;
        }
        return Tensor.of(values, n, 3, SIDE, SIDE);
    }

    private static float[] row(Tensor batch, int i) {
        return batch.slice(0, i, i + 1).contiguous().toArray();
    }

    @Test
    void sourceAndTargetAreMirroredTogetherOrEachByChance() {
        Tensor pictures = pictures(24);
        Pair both = pairs("encode", 0).pair(pictures, pictures, new SplittableRandom(1));
        Pair each = pairs("frontalize", 0).pair(pictures, pictures, new SplittableRandom(1));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 24; i++) {
            assertArrayEquals(row(both.source(), i), row(both.target(), i), 1e-6f);
            boolean source = Arrays.equals(row(each.source(), i), row(pictures, i));
            boolean target = Arrays.equals(row(each.target(), i), row(pictures, i));
            seen.add(source + " " + target);
        }
        assertEquals(4, seen.size(), "all four ways to mirror a pair");
        Tensor once = both.target();
        assertTrue(Arrays.equals(row(once, 0), row(pictures, 0)) || Arrays.equals(row(once, 0), mirrored(pictures, 0)));
    }

    private static float[] mirrored(Tensor pictures, int i) {
        return new EncoderInput(3, SIDE, SIDE, row(pictures, i)).mirrored().values();
    }

    @Test
    void labelMapsComeOutOneHotAndShowAsColours() {
        float[] stored = new float[2 * SIDE * SIDE];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = i % 5 / 127.5f - 1;
        }
        TaskPairs pairs = pairs("segmentation", 5);
        Tensor targets = pictures(2);
        Pair pair = pairs.pair(Tensor.of(stored, 2, 1, SIDE, SIDE), targets, new SplittableRandom(1));
        assertSame(targets, pair.target());
        assertArrayEquals(new int[] {2, 5, SIDE, SIDE}, pair.source().shape());
        float[] hot = pair.source().toArray();
        int plane = SIDE * SIDE;
        for (int i = 0; i < stored.length; i++) {
            for (int c = 0; c < 5; c++) {
                assertEquals(i % 5 == c ? 1 : 0, hot[(i / plane * 5 + c) * plane + i % plane]);
            }
        }
        assertArrayEquals(new int[] {2, 3, SIDE, SIDE}, pairs.shown(pair.source()).shape());
    }

    @Test
    void whatIsLeftOpenFollowsFromTheRandomNumbers() {
        Tensor pictures = pictures(3);
        TaskPairs pairs = pairs("inpainting", 0);
        float[] one = pairs.pair(pictures, pictures, new SplittableRandom(1)).source().toArray();
        assertArrayEquals(one, pairs.pair(pictures, pictures, new SplittableRandom(1)).source().toArray());
        assertFalse(Arrays.equals(one, pairs.pair(pictures, pictures, new SplittableRandom(2)).source().toArray()));
    }
}
