package stylegan4j.stylegan.encoder.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * The same pictures again and again, to see an encoder learn: a row of what it reads where that is another picture, a
 * row of what is wanted, and a row for each pass.
 */
final class SampleSheet {
    private static final int COLUMNS = 8;

    private final PairedPictures pictures;

    SampleSheet(PairedPictures pictures) {
        this.pictures = pictures;
    }

    void write(EncoderTraining training, Path file) throws IOException {
        int columns = Math.min(COLUMNS, pictures.size());
        List<Image> images = new ArrayList<>();
        try (var _ = Scope.open()) {
            PairedPictures.Pair pair = pictures.at(0, columns);
            List<Tensor> rows = Autograd.noGrad(() -> training.shown(pair.sources(), pair.targets(),
                    new SplittableRandom(0)));
            for (int i = rows.get(0) == rows.get(1) ? 1 : 0; i < rows.size(); i++) {
                Tensor row = i == 0 ? training.task().shown(rows.get(0)) : rows.get(i);
                images.addAll(ImageTensors.toImages(row.clamp(-1, 1)));
            }
        }
        Images.writePng(ImageGrid.of(images, columns), file);
    }
}
