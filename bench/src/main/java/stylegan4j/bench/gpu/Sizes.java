package stylegan4j.bench.gpu;

import java.util.List;
import stylegan4j.kernels.Precision;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.feature.IrBody;

/**
 * How large the work is. {@code official} beside has the same numbers.
 *
 * @param precisions that a GPU is measured in
 * @param planes of the pictures that memory-bound kernels work on
 * @param planeSize their rows and columns
 * @param product rows and columns of the factors of the matrix product
 * @param resolutions of the networks, ascending
 * @param channelBase channels times resolution, before the cap at 512
 * @param batches of synthesis
 * @param layerBatch second batch size of the single layers, beside 1
 * @param samples that a whole pivotal tuning tells the mean code from
 * @param pivotSteps of its first phase
 * @param tuningSteps of its second phase
 * @param encoder of pictures
 * @param encoderSide of its input
 * @param trained resolutions of the training steps
 * @param cycle training steps that are timed together: from one R1 penalty to the next
 * @param leastSeconds that a timed run lasts
 * @param runs of which the median counts
 */
record Sizes(List<Precision> precisions, int planes, int planeSize, int product, List<Integer> resolutions,
             int channelBase, List<Integer> batches, int layerBatch, int samples, int pivotSteps, int tuningSteps,
             IrBody encoder, int encoderSide, List<Integer> trained, int cycle, double leastSeconds, int runs) {
    /** For a GPU of the data centre. */
    static final Sizes FULL = new Sizes(List.of(Precision.values()), 256, 1024, 8192, List.of(256, 512, 1024), 32768,
            List.of(1, 8, 32), 8, 600, 450, 350, IrBody.IR_SE_50, StyleEncoderConfig.OFFICIAL_SIDE, List.of(128, 256),
            16, 0.2, 5);

    /** To see that everything runs. */
    static final Sizes TINY = new Sizes(List.of(Precision.F32, Precision.F16), 3, 16, 16, List.of(8), 64, List.of(1, 2),
            2, 3, 1, 1, new IrBody(List.of(1, 1, 1, 1), List.of(16, 16, 16, 16), true), 32, List.of(8), 1, 0, 1);

    int largest() {
        return resolutions.getLast();
    }
}
