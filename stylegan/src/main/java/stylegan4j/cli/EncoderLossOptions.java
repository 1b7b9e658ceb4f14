package stylegan4j.cli;

import java.util.List;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.train.LatentGame;
import stylegan4j.stylegan.encoder.train.LossWeights;
import stylegan4j.stylegan.encoder.train.PictureGame;
import stylegan4j.stylegan.encoder.train.Stages;
import stylegan4j.stylegan.feature.CaffeVgg16Distance;
import stylegan4j.stylegan.loss.PerceptualDistance;

/** What an encoder's training minimises, by the official options' names. */
final class EncoderLossOptions {
    @Option(names = "--l2_lambda", paramLabel = "X", description = "Weight of pixels (default: 1).")
    private Double l2;

    @Option(names = "--lpips_lambda", paramLabel = "X",
            description = "Weight of the perceptual distance (default: 0.8; of IDInvert's vgg16.pth 5e-5).")
    private Double lpips;

    @Option(names = "--id_lambda", paramLabel = "X", description = "Weight of identity (default: 0.1; idinvert 0).")
    private Double id;

    @Option(names = "--moco_lambda", paramLabel = "X", defaultValue = "0",
            description = "Weight of MoCo's similarity, instead of identity (default: ${DEFAULT-VALUE}).")
    private double moco;

    @Option(names = "--w_norm_lambda", paramLabel = "X", description = "Weight of the norm of codes (default: 0).")
    private Double wNorm;

    @Option(names = "--l2_lambda_crop", paramLabel = "X",
            description = "Weight of the inner face's pixels (default: 0).")
    private Double l2Crop;

    @Option(names = "--lpips_lambda_crop", paramLabel = "X",
            description = "Weight of the inner face's perceptual distance (default: 0).")
    private Double lpipsCrop;

    @Option(names = "--w_discriminator_lambda", paramLabel = "X", defaultValue = "0",
            description = "Weight of the latent discriminator (default: ${DEFAULT-VALUE}; e4e's paper 0.1).")
    private double latentWeight;

    @Option(names = "--w_discriminator_lr", paramLabel = "X", defaultValue = "2e-5",
            description = "Its learning rate (default: ${DEFAULT-VALUE}).")
    private double latentRate;

    @Option(names = "--r1", paramLabel = "X", defaultValue = "10",
            description = "Weight of a discriminator's gradient penalty (default: ${DEFAULT-VALUE}).")
    private double r1;

    @Option(names = "--d_reg_every", paramLabel = "N", defaultValue = "16",
            description = "Steps between gradient penalties of the latent discriminator (default: ${DEFAULT-VALUE}).")
    private int r1Every;

    @Option(names = "--use_w_pool", description = "Show the latent discriminator former codes too.")
    private boolean pooled;

    @Option(names = "--w_pool_size", paramLabel = "N", defaultValue = "50",
            description = "Former codes that are kept (default: ${DEFAULT-VALUE}).")
    private int poolSize;

    @Option(names = "--delta_norm_lambda", paramLabel = "X", defaultValue = "2e-4",
            description = "Weight of the norm of e4e's offsets, in progressive training (default: ${DEFAULT-VALUE}).")
    private double deltaWeight;

    @Option(names = "--progressive_steps", paramLabel = "N", arity = "1..*",
            description = "Steps at which each style opens, the first 0.")
    private List<Long> progressiveSteps;

    @Option(names = "--progressive_start", paramLabel = "N",
            description = "Instead: the step at which the first offset opens.")
    private Long progressiveStart;

    @Option(names = "--progressive_step_every", paramLabel = "N", defaultValue = "2000",
            description = "Steps from one offset to the next (default: ${DEFAULT-VALUE}).")
    private long progressiveEvery;

    @Option(names = "--adv_lambda", paramLabel = "X",
            description = "idinvert: weight of the discriminator of pictures (default: 0.08).")
    private Double adversarial;

    /**
     * @param official the weights where no option gives another
     * @param distance what pictures are to be compared by, or null
     */
    LossWeights weights(EncoderKind kind, LossWeights official, PerceptualDistance distance) {
        double features = distance instanceof CaffeVgg16Distance ? CaffeVgg16Distance.OFFICIAL_WEIGHT
                : official.lpips();
        double identity = kind == EncoderKind.IDINVERT || moco > 0 ? 0 : official.id();
        return new LossWeights(or(l2, official.l2()), or(lpips, features), or(id, identity), moco,
                or(wNorm, official.wNorm()), or(l2Crop, official.l2Crop()), or(lpipsCrop, official.lpipsCrop()));
    }

    LatentGame latentGame() {
        return new LatentGame(latentWeight, latentRate, r1, r1Every, pooled ? poolSize : 0);
    }

    PictureGame pictureGame(PictureGame official) {
        return new PictureGame(or(adversarial, official.weight()), r1);
    }

    double deltaWeight() {
        return deltaWeight;
    }

    /** @throws IllegalArgumentException if the steps mean nothing */
    Stages stages(int styles) {
        if (progressiveSteps != null) {
            return new Stages(progressiveSteps);
        }
        return progressiveStart == null ? Stages.NONE
                : Stages.progressive(styles, progressiveStart, progressiveEvery);
    }

    private static double or(Double given, double otherwise) {
        return given == null ? otherwise : given;
    }
}
