package stylegan4j.stylegan.translation;

import java.util.List;
import stylegan4j.nn.image.Image;

/**
 * What a task's inputs depend on.
 *
 * @param classes of label maps: {@code label_nc}
 * @param factors of coarseness: {@code resize_factors}
 * @param mask of a hole, white where the picture is seen; null for the pictures' own alpha channel
 * @param training whether holes are drawn at random
 */
public record SourceOptions(int classes, List<Integer> factors, Image mask, boolean training) {
    /** The official factors for training. */
    public static final List<Integer> FACTORS = List.of(1, 2, 4, 8, 16, 32);

    /**
     * @param classes of label maps, or the encoder's channels where they are no matter
     * @param factors of coarseness
     */
    public static SourceOptions forTraining(int classes, List<Integer> factors) {
        return new SourceOptions(classes, factors, null, true);
    }
}
