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
        if (!(kimg > 0) || !(tickKimg > 0) || snapshotTicks < 1 || stateEvery.isNegative()) {
            throw new IllegalArgumentException("training: length, tick, snapshot interval and time between states "
                    + "expected above 0, got " + kimg + " kimg, " + tickKimg + " kimg, " + snapshotTicks + " ticks and "
                    + stateEvery.toSeconds() + " seconds");
        }
    }
}
