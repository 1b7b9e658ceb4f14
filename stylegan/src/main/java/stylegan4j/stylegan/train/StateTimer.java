package stylegan4j.stylegan.train;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells when a run's state is due again, so that a run that is killed loses no more than a while. */
public final class StateTimer {
    private final long nanos;
    private final LongSupplier clock;
    private long saved;

    /** @param every the most that may pass from one saved state to the next */
    public StateTimer(Duration every) {
        this(every, System::nanoTime);
    }

    StateTimer(Duration every, LongSupplier clock) {
        this.nanos = every.toNanos();
        this.clock = clock;
        this.saved = clock.getAsLong();
    }

    public boolean isDue() {
        return clock.getAsLong() - saved >= nanos;
    }

    /** The state has been saved, for whatever reason. */
    public void saved() {
        saved = clock.getAsLong();
    }
}
