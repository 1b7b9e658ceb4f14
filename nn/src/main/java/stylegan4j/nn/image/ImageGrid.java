package stylegan4j.nn.image;

import java.util.List;

/** Pictures of one size laid side by side, row after row. */
public final class ImageGrid {
    private ImageGrid() {
    }

    /**
     * @param images  at least one, all of the same shape [channels, height, width]
     * @param columns pictures in a row; the rest of a last row that is not full stays black
     * @return [channels, rows * height, columns * width]
     * @throws IllegalArgumentException if the shapes differ, or there is no picture or column
     */
    public static Image of(List<Image> images, int columns) {
        if (images.isEmpty() || columns < 1) {
            throw new IllegalArgumentException("imageGrid: expected at least one image and column, got "
                    + images.size() + " images, " + columns + " columns");
        }
        Image first = images.getFirst();
        int height = first.height();
        int width = first.width();
        int rows = Math.ceilDiv(images.size(), columns);
        var grid = Image.black(first.channels(), rows * height, columns * width);
        for (int i = 0; i < images.size(); i++) {
            Image image = images.get(i);
            if (!image.hasShapeOf(first)) {
                throw new IllegalArgumentException("imageGrid: image " + i + " expected " + first
                        + " as the first, got " + image);
            }
            int top = i / columns * height;
            int left = i % columns * width;
            for (int line = 0; line < first.channels() * height; line++) {
                int c = line / height;
                int y = line % height;
                System.arraycopy(image.data(), line * width, grid.data(),
                        (c * grid.height() + top + y) * grid.width() + left, width);
            }
        }
        return grid;
    }
}
