package stylegan4j.stylegan.encoder.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Tensor;

/**
 * Former codes for the discriminator to look at beside new ones (e4e, {@code models/latent_codes_pool.py}, after the
 * image pool of arXiv 1612.07828, section 2.3). A code that comes in fills the pool while there is room; then it goes
 * through, or takes the place of a former one, which goes through in its stead, with a probability of one half each.
 */
final class CodePool {
    private final int capacity;
    private final List<float[]> codes = new ArrayList<>();

    CodePool(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return codes.size();
    }

    /**
     * One code for each of a batch.
     *
     * @param batch [N, wDim], or [N, styles, wDim], of which each gives a style at random
     * @return [N, wDim]
     */
    Tensor query(Tensor batch, SplittableRandom random) {
        int n = batch.size(0);
        int length = batch.size(-1);
        int styles = batch.rank() == 3 ? batch.size(1) : 1;
        float[] values = batch.toArray();
        float[] chosen = new float[n * length];
        for (int i = 0; i < n; i++) {
            float[] code = new float[length];
            int style = styles == 1 ? 0 : random.nextInt(styles);
            System.arraycopy(values, (i * styles + style) * length, code, 0, length);
            System.arraycopy(exchange(code, random), 0, chosen, i * length, length);
        }
        return Tensor.of(chosen, n, length);
    }

    private float[] exchange(float[] code, SplittableRandom random) {
        if (codes.size() < capacity) {
            codes.add(code);
            return code;
        }
        return capacity > 0 && random.nextBoolean() ? codes.set(random.nextInt(capacity), code) : code;
    }

    /** [size, wDim]; null if it is empty. */
    StoredTensor save() {
        if (codes.isEmpty()) {
            return null;
        }
        int length = codes.getFirst().length;
        float[] all = new float[codes.size() * length];
        for (int i = 0; i < codes.size(); i++) {
            System.arraycopy(codes.get(i), 0, all, i * length, length);
        }
        return StoredTensor.of(all, codes.size(), length);
    }

    /** Goes on with what {@link #save} gave. */
    void load(StoredTensor saved) {
        codes.clear();
        if (saved != null) {
            int length = Math.toIntExact(saved.shape()[1]);
            float[] all = saved.toFloats();
            for (int i = 0; i < all.length; i += length) {
                codes.add(Arrays.copyOfRange(all, i, i + length));
            }
        }
    }
}
