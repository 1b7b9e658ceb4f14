package stylegan4j.stylegan.train;

import java.time.Duration;

/**
 * How long a training goes on and when it tells and saves; none of it changes what is computed.
 *
 * @param kimg length, in thousands of pictures
 * @param tickKimg thousands of pictures from one line of statistics to the next
 * @param snapshotTicks ticks from one snapshot to the next
 * @param stateEvery the most time from one saved state to the next
 */
public record Schedule(double kimg, double tickKimg, int snapshotTicks, Duration stateEvery) {
    public Schedule {
        if (!(kimg > 0) || !(tickKimg > 0) || snapshotTicks < 1) {
            throw new IllegalArgumentException("training: length, tick and snapshot interval expected above 0, got "
                    + kimg + " kimg, " + tickKimg + " kimg and " + snapshotTicks + " ticks");
        }
        if (stateEvery.isNegative()) {
            throw new IllegalArgumentException("training: time between saved states expected not below 0, got "
                    + stateEvery.toMillis() + " ms");
        }
    }
}
