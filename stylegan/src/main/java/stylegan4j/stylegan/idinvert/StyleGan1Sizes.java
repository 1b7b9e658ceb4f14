package stylegan4j.stylegan.idinvert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;

/**
 * The sizes of a StyleGAN1 generator.
 *
 * @param mapping widths of the mapping network, from z on
 * @param channels of each resolution from 4 on
 * @param fused whether each resolution's up-sampling is a transposed convolution
 */
record StyleGan1Sizes(int wDim, List<Integer> mapping, List<Integer> channels, List<Boolean> fused) {
    /** @throws IllegalArgumentException if a tensor that tells a size is missing */
    static StyleGan1Sizes of(Map<String, StoredTensor> state) {
        List<Integer> mapping = new ArrayList<>();
        for (int i = 0; state.containsKey(dense(i)); i++) {
            if (i == 0) {
                mapping.add(size(state, dense(i), 1));
            }
            mapping.add(size(state, dense(i), 0));
        }
        List<Integer> channels = new ArrayList<>();
        List<Boolean> fused = new ArrayList<>();
        for (int block = 0; state.containsKey(output(block)); block++) {
            channels.add(size(state, output(block), 1));
            fused.add(state.containsKey("synthesis.layer" + 2 * block + ".weight"));
        }
        if (mapping.isEmpty() || channels.isEmpty()) {
            throw new IllegalArgumentException("no " + (mapping.isEmpty() ? dense(0) : output(0)));
        }
        return new StyleGan1Sizes(size(state, "truncation.w_avg", 0), mapping, channels, fused);
    }

    private static String dense(int number) {
        return "mapping.dense" + number + ".fc.weight";
    }

    private static String output(int block) {
        return "synthesis.output" + block + ".conv.weight";
    }

    static int size(Map<String, StoredTensor> state, String name, int dim) {
        StoredTensor tensor = state.get(name);
        if (tensor == null || tensor.shape().length <= dim) {
            throw new IllegalArgumentException(tensor == null ? "no " + name : name + " is " + tensor);
        }
        return Math.toIntExact(tensor.shape()[dim]);
    }
}
