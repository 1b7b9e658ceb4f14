package stylegan4j.stylegan.data;

import java.io.IOException;
import stylegan4j.nn.image.Image;

/** Square pictures of one size, each with a label or none. Used by one thread at a time. */
public interface Dataset extends AutoCloseable {
    /** Number of pictures, at least one. */
    int size();

    /** Rows and columns of every picture, a power of two. */
    int resolution();

    /** 1 for grey pictures, 3 for colour. */
    int channels();

    /** Length of a label, 0 where there are none. */
    int labelSize();

    /**
     * @param index 0 … size − 1
     * @return [channels, resolution, resolution], 0 … 255
     * @throws IOException naming the picture, if it is broken or not like the first
     */
    Image picture(int index) throws IOException;

    /** The label of a picture, usually one-hot; not to be modified. Empty where there are none. */
    float[] label(int index);

    @Override
    void close() throws IOException;
}
