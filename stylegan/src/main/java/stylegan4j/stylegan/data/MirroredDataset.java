package stylegan4j.stylegan.data;

import java.io.IOException;
import stylegan4j.nn.image.Image;

/** A dataset and, after it, the mirror image of each of its pictures. */
public record MirroredDataset(Dataset dataset) implements Dataset {
    @Override
    public int size() {
        return Math.multiplyExact(2, dataset.size());
    }

    @Override
    public int resolution() {
        return dataset.resolution();
    }

    @Override
    public int channels() {
        return dataset.channels();
    }

    @Override
    public int labelSize() {
        return dataset.labelSize();
    }

    @Override
    public float[] label(int index) {
        return dataset.label(index % dataset.size());
    }

    @Override
    public Image picture(int index) throws IOException {
        Image image = dataset.picture(index % dataset.size());
        if (index < dataset.size()) {
            return image;
        }
        float[] from = image.data();
        Image mirrored = Image.black(image.channels(), image.height(), image.width());
        int width = image.width();
        for (int row = 0; row < from.length; row += width) {
            for (int x = 0; x < width; x++) {
                mirrored.data()[row + x] = from[row + width - 1 - x];
            }
        }
        return mirrored;
    }

    @Override
    public void close() throws IOException {
        dataset.close();
    }
}
