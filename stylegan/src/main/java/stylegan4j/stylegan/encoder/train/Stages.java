package stylegan4j.stylegan.encoder.train;

import java.util.ArrayList;
import java.util.List;

/**
 * When the offsets of a progressive encoder open, one after the other (e4e, {@code options/train_options.py}:
 * {@code progressive_steps}). Without steps all are open from the beginning.
 *
 * @param steps the step at which each style opens: as many as there are styles, the first 0; empty for none
 */
public record Stages(List<Long> steps) {
    public static final Stages NONE = new Stages(List.of());

    public Stages {
        steps = List.copyOf(steps);
        for (int i = 0; i < steps.size(); i++) {
            if (i == 0 ? steps.get(0) != 0 : steps.get(i) < steps.get(i - 1)) {
                throw new IllegalArgumentException("progressive_steps: expected 0 first, and none below the one "
                        + "before, got " + steps);
            }
        }
    }

    /** The official rule: the first offset at {@code start}, each further one {@code every} steps later. */
    public static Stages progressive(int styles, long start, long every) {
        List<Long> steps = new ArrayList<>(List.of(0L));
        for (int i = 1; i < styles; i++) {
            steps.add(start + (i - 1) * every);
        }
        return new Stages(steps);
    }

    boolean isProgressive() {
        return !steps.isEmpty();
    }

    /** @throws IllegalArgumentException if there are steps for another number of styles */
    void requireFor(int styles) {
        if (isProgressive() && steps.size() != styles) {
            throw new IllegalArgumentException("progressive_steps: the generator takes " + styles
                    + " styles, got steps for " + steps.size());
        }
    }

    /** How many offsets are open at a step; all {@code styles} where training is not progressive. */
    int at(long step, int styles) {
        int open = 0;
        while (open + 1 < steps.size() && steps.get(open + 1) <= step) {
            open++;
        }
        return isProgressive() ? open : styles;
    }
}
