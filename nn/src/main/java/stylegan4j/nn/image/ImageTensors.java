package stylegan4j.nn.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** Pictures as networks take and give them: tensors [N, C, H, W] from −1 (black) to 1. */
public final class ImageTensors {
    private ImageTensors() {
    }

    /** [1, C, H, W], by {@link Image#toSignedUnit()}. */
    public static Tensor toTensor(Image image) {
        return Tensor.of(image.toSignedUnit(), 1, image.channels(), image.height(), image.width());
    }

    /**
     * [N, C, H, W].
     *
     * @throws IllegalArgumentException if there is no picture, or their shapes differ
     */
    public static Tensor toTensor(List<Image> images) {
        return Scope.local(() -> Views.concat(images.stream().map(ImageTensors::toTensor).toList(), 0));
    }

    /**
     * One picture for each sample, in whole numbers, by {@link Image#ofSignedUnit}.
     *
     * @param batch [N, C, H, W] with 1, 3 or 4 channels
     */
    public static List<Image> toImages(Tensor batch) {
        if (batch.rank() != 4) {
            throw new IllegalArgumentException("toImages: expected [N, C, H, W], got " + batch.describe());
        }
        int[] shape = batch.shape();
        int size = shape[1] * shape[2] * shape[3];
        float[] values = batch.toArray();
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < shape[0]; i++) {
            images.add(Image.ofSignedUnit(shape[1], shape[2], shape[3],
                    Arrays.copyOfRange(values, i * size, (i + 1) * size)));
        }
        return images;
    }
}
