package stylegan4j.stylegan.inversion;

import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;

/**
 * An inversion between two steps: with it, it goes on as if it had never stopped.
 *
 * @param phase the running phase
 * @param step the next step
 * @param seconds used so far
 * @param tensors all values that the rest depends on
 */
public record InversionState(String phase, int step, double seconds, Map<String, StoredTensor> tensors) {
}
