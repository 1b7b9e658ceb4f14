package stylegan4j.stylegan.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.ShuffledOrder;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** The same samples again and again, side by side, to see a training go on: 8 by 8. */
final class SampleGrid {
    private static final int COLUMNS = 8;
    private static final int COUNT = COLUMNS * COLUMNS;
    private static final int AT_ONCE = 8;

    private final Dataset dataset;
    private final int[] chosen = new int[COUNT];
    private final long seed;

    SampleGrid(Dataset dataset, long seed) {
        this.dataset = dataset;
        this.seed = seed;
        var order = new ShuffledOrder(dataset.size(), seed);
        for (int i = 0; i < COUNT; i++) {
            chosen[i] = order.at(i);
        }
    }

    /** Real pictures; their labels are the samples' too. */
    void writeReals(Path file) throws IOException {
        List<Image> images = new ArrayList<>();
        for (int index : chosen) {
            images.add(dataset.picture(index));
        }
        Images.writePng(ImageGrid.of(images, COLUMNS), file);
    }

    /** Samples of a generator at psi 1, with constant noise. */
    void writeFakes(Generator generator, Path file) throws IOException {
        List<Image> images = Autograd.noGrad(() -> samples(generator));
        Images.writePng(ImageGrid.of(images, COLUMNS), file);
    }

    private List<Image> samples(Generator generator) {
        List<Image> images = new ArrayList<>();
        var numbers = new RandomNumbers(seed);
        for (int i = 0; i < COUNT; i += AT_ONCE) {
            try (var _ = Scope.open()) {
                Tensor z = numbers.normal(AT_ONCE, generator.config().zDim());
                images.addAll(ImageTensors.toImages(
                        generator.forward(z, labels(i), Truncation.NONE, Noise.CONST)));
            }
        }
        return images;
    }

    private Tensor labels(int first) {
        int size = dataset.labelSize();
        if (size == 0) {
            return null;
        }
        float[] labels = new float[AT_ONCE * size];
        for (int i = 0; i < AT_ONCE; i++) {
            System.arraycopy(dataset.label(chosen[first + i]), 0, labels, i * size, size);
        }
        return Tensor.of(labels, AT_ONCE, size);
    }
}
