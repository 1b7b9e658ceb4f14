package stylegan4j.stylegan.inversion;

/** Keeps the state of an inversion, so that it can go on after an interruption. */
public interface Journal {
    /** Keeps nothing. */
    Journal NONE = new Journal() {
        @Override
        public InversionState load() {
            return null;
        }

        @Override
        public boolean isDue() {
            return false;
        }

        @Override
        public void save(InversionState state) {
        }
    };

    /** The state to go on from, or null to begin. */
    InversionState load();

    /** Whether the state is to be saved after this step. */
    boolean isDue();

    /** Called when due, and when a listener has ended the inversion. */
    void save(InversionState state);
}
