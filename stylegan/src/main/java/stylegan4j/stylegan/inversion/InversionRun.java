package stylegan4j.stylegan.inversion;

import stylegan4j.tensor.Tensor;

/**
 * What belongs to one call of an {@link Inversion}. The same seed gives the same result, whatever the number of
 * threads; every picture of a batch is given the same random numbers, so that it does not matter where it stands.
 *
 * @param seed of all random numbers
 * @param label class [1, c_dim] of the pictures, null for a network without classes
 * @param listener told of each step
 * @param journal keeps the state, so that an interrupted inversion goes on to the same bytes
 */
public record InversionRun(long seed, Tensor label, InversionListener listener, Journal journal) {
    /** Seed 0, no label, unwatched. */
    public static final InversionRun DEFAULT = new InversionRun(0, null, InversionListener.NONE, Journal.NONE);

    public InversionRun withSeed(long value) {
        return new InversionRun(value, label, listener, journal);
    }

    public InversionRun withLabel(Tensor value) {
        return new InversionRun(seed, value, listener, journal);
    }

    public InversionRun withListener(InversionListener value) {
        return new InversionRun(seed, label, value, journal);
    }

    public InversionRun withJournal(Journal value) {
        return new InversionRun(seed, label, listener, value);
    }
}
