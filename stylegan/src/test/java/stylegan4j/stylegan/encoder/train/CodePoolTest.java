package stylegan4j.stylegan.encoder.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.tensor.Tensor;

class CodePoolTest extends OnDevice {
    private static Tensor codes(float... values) {
        return Tensor.of(values, values.length, 1);
    }

    @Test
    void fillsFirstThenExchangesHalfOfTheTime() {
        CodePool pool = new CodePool(3);
        var random = new SplittableRandom(1);
        assertArrayEquals(new float[] {1, 2, 3}, pool.query(codes(1, 2, 3), random).toArray());
        assertEquals(3, pool.size());
        int former = 0;
        for (int i = 0; i < 400; i++) {
            float given = 10 + i;
            float got = pool.query(codes(given), random).toArray()[0];
            assertTrue(got <= given, "a code that was never given: " + got);
            former += got < given ? 1 : 0;
        }
        // 400 throws of a fair coin: a standard deviation of 10; five of them.
        assertEquals(200, former, 50);
        assertEquals(3, pool.size());
    }

    @Test
    void withoutRoomEveryCodeGoesThrough() {
        CodePool pool = new CodePool(0);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 20; i++) {
            assertArrayEquals(new float[] {i}, pool.query(codes(i), random).toArray());
        }
        assertEquals(0, pool.size());
    }

    @Test
    void oneStyleOfEachIsTaken() {
        CodePool pool = new CodePool(0);
        boolean[] seen = new boolean[3];
        var random = new SplittableRandom(2);
        for (int i = 0; i < 50; i++) {
            float[] got = pool.query(Tensor.of(new float[] {0, 1, 2, 10, 11, 12}, 2, 3, 1), random).toArray();
            assertTrue(got[0] < 3 && got[1] >= 10, got[0] + " " + got[1]);
            seen[(int) got[0]] = true;
        }
        assertArrayEquals(new boolean[] {true, true, true}, seen);
    }

    @Test
    void aSavedPoolGoesOnAlike() {
        CodePool pool = new CodePool(2);
        pool.query(codes(1, 2), new SplittableRandom(3));
        CodePool again = new CodePool(2);
        again.load(pool.save());
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(pool.query(codes(i + 5), new SplittableRandom(i)).toArray(),
                    again.query(codes(i + 5), new SplittableRandom(i)).toArray());
        }
        again.load(null);
        assertEquals(0, again.size());
    }
}
