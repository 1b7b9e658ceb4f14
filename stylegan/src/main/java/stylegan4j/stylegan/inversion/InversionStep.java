package stylegan4j.stylegan.inversion;

/**
 * What is told of one step of an optimisation.
 *
 * @param phase what is being optimised, for example {@code projection} or {@code tuning}
 * @param step counted from 0
 * @param steps how many there are at most
 * @param losses of each picture, regularisation left out, before this step's update
 */
public record InversionStep(String phase, int step, int steps, float[] losses) {
    /** The mean of the pictures' losses. */
    public double loss() {
        double sum = 0;
        for (float loss : losses) {
            sum += loss;
        }
        return sum / losses.length;
    }
}
