package stylegan4j.bench.gpu;

import stylegan4j.kernels.Precision;
import stylegan4j.nn.image.Image;
import stylegan4j.stylegan.data.Batch;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.train.AugmentOptions;
import stylegan4j.stylegan.train.NetworkShape;
import stylegan4j.stylegan.train.Recipe;
import stylegan4j.stylegan.train.Training;
import stylegan4j.stylegan.train.TrainingOptions;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/**
 * Steps of StyleGAN2's training in the official configuration {@code auto}, without augmentation, on pictures that are
 * there already. A figure is the mean of a whole cycle, in which each regularisation has its share.
 */
final class TrainingBenchmarks {
    static final String TRAINING = "training";

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    TrainingBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        Precisions.each(device.backend(), sizes, precision -> sizes.trained().forEach(side -> step(side, precision)));
    }

    private void step(int side, Precision precision) {
        Recipe recipe = Recipe.of("auto", side);
        NetworkShape shape = recipe.networks();
        int base = Math.min(shape.channelBase(), sizes.channelBase());
        int batch = sizes.cycle() == 1 ? 2 : recipe.batch();
        String name = "training step " + side + " px batch " + batch + " " + precision;
        try (Scope _ = device.open()) {
            var training = new Training(new TrainingOptions("", false, false, 0, batch,
                    new NetworkShape(shape.zDim(), shape.wDim(), shape.mappingLayers(), base, shape.channelMax(),
                            Math.min(batch, shape.mbstdGroup()), shape.discriminator()), recipe.loss(),
                    recipe.optimizers(), new AugmentOptions(AugmentOptions.Mode.NOAUG, "bgc", 0, 0.6), 0)
                    .withPrecision(precision),
                    new Pictures(side));
            Batch real = new Batch(batch, 3, side, new float[batch * 3 * side * side], 0, new float[0]);
            clock.measure(TRAINING, name, sizes.cycle(), () -> training.step(real));
        } catch (RuntimeException e) {
            clock.fail(TRAINING, name, e);
        }
    }

    /** Tells what pictures are like; the training is given them without asking here. */
    private record Pictures(int resolution) implements Dataset {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public int channels() {
            return 3;
        }

        @Override
        public int labelSize() {
            return 0;
        }

        @Override
        public Image picture(int index) {
            throw new UnsupportedOperationException("pictures of a benchmark are not read");
        }

        @Override
        public float[] label(int index) {
            return new float[0];
        }

        @Override
        public void close() {
        }
    }
}
