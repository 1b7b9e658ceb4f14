package stylegan4j.cli;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.image.Image;
import stylegan4j.tensor.Tensor;

/** From network outputs to pictures. */
final class Pictures {
    private Pictures() {
    }

    /** Pictures [N, C, H, W] in −1 … 1, rounded as the official scripts do. */
    static List<Image> of(Tensor batch) {
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < batch.size(0); i++) {
            images.add(Image.ofSignedUnit(batch.size(1), batch.size(2), batch.size(3), batch.select(0, i).toArray()));
        }
        return images;
    }
}
