package stylegan4j.stylegan.train;

import java.util.List;
import stylegan4j.stylegan.Architecture;

/**
 * The official base configurations ({@code --cfg}; stylegan2-ada-pytorch, {@code train.py}).
 *
 * @param batch pictures in an iteration
 * @param kimg length of the training, in thousands of pictures
 */
public record Recipe(int batch, long kimg, NetworkShape networks, LossOptions loss, OptimizerOptions optimizers) {
    /** Names that {@link #of} knows. */
    public static final List<String> NAMES =
            List.of("auto", "stylegan2", "paper256", "paper512", "paper1024", "cifar");

    private static final double PATH_LENGTH_WEIGHT = 2;
    private static final double STYLE_MIXING = 0.9;
    private static final int FULL_BASE = 32768;

    /**
     * @param resolution of the pictures, which {@code auto} adapts to
     * @throws IllegalArgumentException if there is no such configuration
     */
    public static Recipe of(String name, int resolution) {
        return switch (name) {
            case "auto" -> auto(resolution);
            case "stylegan2" -> of(32, 25000, 8, 4, 1, 0.002, 10, 10, 0);
            case "paper256" -> of(64, 25000, 8, 8, 0.5, 0.0025, 1, 20, 0);
            case "paper512" -> of(64, 25000, 8, 8, 1, 0.0025, 0.5, 20, 0);
            case "paper1024" -> of(32, 25000, 8, 4, 1, 0.002, 2, 10, 0);
            case "cifar" -> cifar();
            default -> throw new IllegalArgumentException("training: configuration expected " + NAMES + ", got "
                    + name);
        };
    }

    private static Recipe auto(int resolution) {
        int batch = Math.max(Math.min(Math.min(4096 / resolution, 32), 64), 1);
        double gamma = 0.0002 * resolution * resolution / batch;
        return of(batch, 25000, 2, Math.min(batch, 4), resolution >= 512 ? 1 : 0.5, resolution >= 1024 ? 0.002 : 0.0025,
                gamma, batch * 10 / 32.0, 0.05);
    }

    private static Recipe cifar() {
        Recipe base = of(64, 100_000, 2, 32, 1, 0.0025, 0.01, 500, 0.05);
        NetworkShape n = base.networks;
        return new Recipe(base.batch, base.kimg, new NetworkShape(n.zDim(), n.wDim(), n.mappingLayers(),
                n.channelBase(), n.channelMax(), n.mbstdGroup(), Architecture.ORIG),
                new LossOptions(base.loss.gamma(), 0, 0, true), base.optimizers);
    }

    private static Recipe of(int batch, long kimg, int mappingLayers, int mbstdGroup, double share, double learningRate,
                             double gamma, double emaKimg, double emaRampUp) {
        return new Recipe(batch, kimg, new NetworkShape(512, 512, mappingLayers, (int) (share * FULL_BASE), 512,
                mbstdGroup, Architecture.RESNET), new LossOptions(gamma, PATH_LENGTH_WEIGHT, STYLE_MIXING, true),
                new OptimizerOptions(learningRate, emaKimg, emaRampUp));
    }
}
