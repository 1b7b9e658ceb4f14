package stylegan4j.stylegan.feature;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Pooling;

/** The convolutions of a classifier of ImageNet, whose results compare pictures: torchvision's {@code features}. */
public final class Trunk extends Module {
    /** ImageNet's means and deviations, for colours in −1…1. */
    private static final float[] MEAN = {-0.030f, -0.088f, -0.188f};
    private static final float[] DEVIATION = {0.458f, 0.448f, 0.450f};

    /** Which classifier. */
    public enum Kind {
        /** AlexNet (arXiv 1404.5997). */
        ALEX("AlexNet", new int[] {1, 4, 7, 9, 11}, 64, 192, 384, 256, 256),
        /** VGG with 16 layers (arXiv 1409.1556). */
        VGG("VGG-16", new int[] {3, 8, 15, 22, 29}, 64, 128, 256, 512, 512),
        /** SqueezeNet 1.1 (arXiv 1602.07360). */
        SQUEEZE("SqueezeNet 1.1", new int[] {1, 4, 7, 9, 10, 11, 12}, 64, 128, 256, 384, 384, 512, 512);

        private final String text;
        private final int[] taps;
        private final int[] channels;

        Kind(String text, int[] taps, int... channels) {
            this.text = text;
            this.taps = taps;
            this.channels = channels;
        }

        /** Positions of the layers that LPIPS looks at. */
        public int[] taps() {
            return taps.clone();
        }

        /** Channels at each of the {@link #taps}. */
        public int[] channels() {
            return channels.clone();
        }

        private List<Layer> layers(Initializer init) {
            return switch (this) {
                case ALEX -> alex(init);
                case VGG -> vgg(init);
                case SQUEEZE -> squeeze(init);
            };
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Kind kind;
    private final Sequential features;

    public Trunk(Kind kind, Initializer init) {
        this.kind = kind;
        this.features = child("features", new Sequential(kind.layers(init)));
    }

    public Kind kind() {
        return kind;
    }

    /**
     * Results of some layers.
     *
     * @param pictures [N, 3, H, W] in −1…1
     * @param after positions in torchvision's {@code features}, ascending
     */
    public List<Tensor> features(Tensor pictures, int... after) {
        Tensor normalized = Scope.local(() -> pictures.sub(Tensor.of(MEAN, 1, 3, 1, 1))
                .div(Tensor.of(DEVIATION, 1, 3, 1, 1)));
        return taps(normalized, after);
    }

    /** {@link #features} of pictures that are prepared for the network already. */
    List<Tensor> taps(Tensor prepared, int... after) {
        return features.taps(prepared, after);
    }

    private static List<Layer> alex(Initializer init) {
        return List.of(convolution(3, 64, 11, 4, 2, init), Activate.RELU, pool(3),
                convolution(64, 192, 5, 1, 2, init), Activate.RELU, pool(3),
                convolution(192, 384, 3, 1, 1, init), Activate.RELU,
                convolution(384, 256, 3, 1, 1, init), Activate.RELU,
                convolution(256, 256, 3, 1, 1, init), Activate.RELU);
    }

    private static List<Layer> vgg(Initializer init) {
        int[] convolutions = {2, 2, 3, 3, 3};
        List<Layer> layers = new ArrayList<>();
        int in = 3;
        for (int block = 0; block < convolutions.length; block++) {
            int out = Math.min(64 << block, 512);
            if (block > 0) {
                layers.add(pool(2));
            }
            for (int i = 0; i < convolutions[block]; i++) {
                layers.add(convolution(in, out, 3, 1, 1, init));
                layers.add(Activate.RELU);
                in = out;
            }
        }
        return layers;
    }

    private static List<Layer> squeeze(Initializer init) {
        return List.of(convolution(3, 64, 3, 2, 0, init), Activate.RELU, Trunk::ceilingPool,
                new Fire(64, 16, 64, init), new Fire(128, 16, 64, init), Trunk::ceilingPool,
                new Fire(128, 32, 128, init), new Fire(256, 32, 128, init), Trunk::ceilingPool,
                new Fire(256, 48, 192, init), new Fire(384, 48, 192, init),
                new Fire(384, 64, 256, init), new Fire(512, 64, 256, init));
    }

    private static Conv2d convolution(int in, int out, int kernel, int stride, int pad, Initializer init) {
        return new Conv2d(in, out, kernel, ConvGeometry.of(stride, pad), true, init);
    }

    private static Layer pool(int kernel) {
        return x -> Pooling.maxPool2d(x, kernel, 2, 0);
    }

    /** The last window may reach beyond the picture; after a ReLU zeros there change nothing. */
    private static Tensor ceilingPool(Tensor x) {
        return Pooling.maxPool2d(Interpolation.pad(x, 0, beyond(x.size(3)), 0, beyond(x.size(2)), 0), 3, 2, 0);
    }

    private static int beyond(int size) {
        return Math.max(0, size - 3) % 2;
    }
}
