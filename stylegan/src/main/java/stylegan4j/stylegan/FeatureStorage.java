package stylegan4j.stylegan;

import stylegan4j.kernels.DType;
import stylegan4j.nn.Module;

/**
 * How a network stores features between layers, on devices that convolve half types; elsewhere it has no effect.
 *
 * @param type F32, F16 or BF16
 * @param resolutions how many of the resolutions, from the highest down and above 4, official {@code num_fp16_res}
 */
record FeatureStorage(DType type, int resolutions) {
    static final FeatureStorage EXACT = new FeatureStorage(DType.F32, 0);

    FeatureStorage {
        if (type == DType.I32 || resolutions < 0) {
            throw new IllegalArgumentException("features: expected F32, F16 or BF16 in 0 or more resolutions, got "
                    + type + " in " + resolutions);
        }
    }

    /** @param step how many resolutions are higher than this one */
    DType at(int step) {
        return step < resolutions ? type : DType.F32;
    }

    /** Whether gradients on their way through the network are stored as binary16, whose range is small. */
    boolean needsLossScale(Module network) {
        return type == DType.F16 && resolutions > 0
                && network.parameters().values().iterator().next().backend().convolvesHalf();
    }
}
