package stylegan4j.stylegan.encoder.train;

import java.time.Duration;

/**
 * When a run tells, shows, validates and saves, in steps, by the official options' names; none of it changes what is
 * computed.
 *
 * @param imageInterval from one sheet of samples to the next
 * @param boardInterval from one line of statistics to the next
 * @param valInterval from one validation to the next
 * @param saveInterval from one saved model to the next
 * @param stateEvery the most time from one saved state to the next
 * @param testBatch pictures at once in a validation
 * @param testPictures pictures in a validation at most
 */
public record RunSchedule(long imageInterval, long boardInterval, long valInterval, long saveInterval,
                          Duration stateEvery, int testBatch, int testPictures) {
    public RunSchedule {
        if (imageInterval < 1 || boardInterval < 1 || valInterval < 1 || saveInterval < 1 || testBatch < 1
                || testPictures < 1) {
            throw new IllegalArgumentException("encoder training: intervals and sizes of the validation expected "
                    + "from 1 on, got " + imageInterval + ", " + boardInterval + ", " + valInterval + ", "
                    + saveInterval + ", " + testBatch + ", " + testPictures);
        }
        if (stateEvery.isNegative()) {
            throw new IllegalArgumentException("encoder training: time between saved states expected not below 0, got "
                    + stateEvery.toMillis() + " ms");
        }
    }
}
