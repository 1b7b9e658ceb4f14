package stylegan4j.stylegan.loss;

import java.util.List;
import stylegan4j.tensor.Tensor;

/** How different two pictures look: features, and a distance between features. */
public interface PerceptualDistance {
    /** Features of pictures [N, 3, H, W] in −1…1. Those of a target are computed once and kept. */
    List<Tensor> features(Tensor pictures);

    /**
     * Distance of each pair, [N], never negative; 0 for equal pictures. A single picture's features (N = 1) on either
     * side are compared with all of the other's.
     */
    Tensor between(List<Tensor> a, List<Tensor> b);

    /** Distance of each pair of pictures [N, 3, H, W] in −1…1, [N]. */
    default Tensor between(Tensor x, Tensor y) {
        return between(features(x), features(y));
    }
}
