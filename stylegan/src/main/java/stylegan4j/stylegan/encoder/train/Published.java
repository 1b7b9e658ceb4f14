package stylegan4j.stylegan.encoder.train;

import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions.Rule;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions.Schedule;

/**
 * How a method was trained by those who published it (IDInvert: genforce/idinvert, {@code train_encoder.py}).
 *
 * @param batch pictures in a step; of IDInvert on each of its eight GPUs
 * @param pictures shown in the whole training; 0 where a number of steps was published instead
 * @param startFromAverage whether codes are offsets from the generator's average one
 */
public record Published(int batch, long pictures, Rule rule, Schedule schedule, boolean startFromAverage,
                        PictureGame pictureGame) {
    private static final int LARGEST_BATCH = 16;
    private static final int PIXELS = 4096;
    private static final long MORE_PICTURES = 2_000_000;
    private static final long STEPS = 500_000;

    /** @param resolution rows or columns of the generator's pictures, whichever are more */
    public static Published of(EncoderKind kind, int resolution) {
        if (kind != EncoderKind.IDINVERT) {
            return new Published(kind == EncoderKind.E4E ? 8 : 4, 0, Rule.RANGER, Schedule.CONSTANT, true,
                    PictureGame.NONE);
        }
        // 12 million pictures of 128 pixels, and two more at each doubling.
        int doublings = 31 - Integer.numberOfLeadingZeros(resolution);
        return new Published(Math.clamp(PIXELS / resolution, 1, LARGEST_BATCH), MORE_PICTURES * (doublings - 1),
                Rule.IDINVERT, Schedule.EXPONENTIAL, false, PictureGame.OFFICIAL);
    }

    /** Steps in all, of so many pictures each. */
    public long steps(int pictures) {
        return pictures() == 0 ? STEPS : Math.ceilDiv(pictures(), pictures);
    }
}
