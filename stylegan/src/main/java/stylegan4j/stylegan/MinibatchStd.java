package stylegan4j.stylegan;

import stylegan4j.tensor.Tensor;

/**
 * The minibatch standard deviation: how much the samples of a group differ, so that a discriminator sees a lack of
 * variety (arXiv 1710.10196, section 3; stylegan2-ada-pytorch, {@code training/networks.py}: MinibatchStdLayer).
 */
public final class MinibatchStd {
    private static final double EPSILON = 1e-8;

    private MinibatchStd() {
    }

    /**
     * A group's samples do not follow each other: sample i is in group i mod (N/G).
     *
     * @param x [N, C, H, W]
     * @param groupSize G; 0, or more than N, for N
     * @param maps F, which divides C
     * @return [N, F, H, W], the same all over a map
     */
    public static Tensor of(Tensor x, int groupSize, int maps) {
        int n = x.size(0);
        int group = groupSize > 0 ? Math.min(groupSize, n) : n;
        if (n % group != 0 || x.size(1) % maps != 0) {
            throw new IllegalArgumentException("minibatchStd: groups of " + group + " samples and " + maps
                    + " maps do not divide x=" + x.describe());
        }
        Tensor y = x.reshape(group, n / group, maps, x.size(1) / maps, x.size(2), x.size(3));
        Tensor std = y.varianceKeep(0).add(EPSILON).sqrt().mean(0, 3, 4, 5);
        return std.reshape(1, n / group, maps, 1, 1).expand(group, -1, -1, x.size(2), x.size(3))
                .reshape(n, maps, x.size(2), x.size(3));
    }
}
