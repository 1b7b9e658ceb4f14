package stylegan4j.stylegan.encoder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Views;

/**
 * An encoder with the generator that it was trained for: pictures to codes in one pass, or a few for ReStyle.
 *
 * @param kind the method
 * @param average [styles, wDim] that codes are offsets from, or null for zero
 * @param steps passes that ReStyle makes, 1 for others
 */
public record EncoderModel(EncoderKind kind, Encoder encoder, Generator decoder, Tensor average, int steps) {
    private static final int PICTURE_CHANNELS = 3;

    /** @throws IllegalArgumentException if encoder and generator do not fit together */
    public EncoderModel {
        EncoderConfig config = encoder.config();
        if (config.styles() != decoder.numWs() || config.wDim() != decoder.config().wDim()) {
            throw new IllegalArgumentException("encoderModel: the encoder makes codes [" + config.styles() + ", "
                    + config.wDim() + "], the generator takes [" + decoder.numWs() + ", " + decoder.config().wDim()
                    + "]");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("encoderModel: steps expected from 1 on, got " + steps);
        }
        if (kind.isIterative() && config.channels() != 2 * PICTURE_CHANNELS) {
            throw new IllegalArgumentException("encoderModel: " + kind + " takes a picture beside its reconstruction, "
                    + "6 channels, the encoder " + config.channels());
        }
        steps = kind.isIterative() ? steps : 1;
    }

    /**
     * Rebuilds a whole model from an official {@code .pt} alone; its tensors belong to the open scope.
     *
     * @throws CheckpointException naming file and reason: another method's file, no
     *     {@code latent_avg}, sizes that contradict each other, a tensor that is missing or of another shape
     */
    public static EncoderModel load(Path file) throws IOException {
        return load(file, null);
    }

    /**
     * {@link #load(Path)} for files of {@link #saveEncoder} too.
     *
     * @param generator what such an encoder goes with; others bring their own, and it may be null
     * @throws CheckpointException also if the encoder was trained for another generator
     */
    public static EncoderModel load(Path file, Generator generator) throws IOException {
        return EncoderFile.read(file).model(generator);
    }

    /**
     * An encoder of any such file beside a generator that was fine-tuned from its own, to show its codes in another
     * style. That it was is taken on trust; only sizes are compared.
     *
     * @throws CheckpointException as {@link #load(Path)}
     */
    public static EncoderModel loadFor(Path file, Generator tuned) throws IOException {
        return EncoderFile.read(file).modelFor(tuned);
    }

    /** {@link #load(Path, Generator)} from a checkpoint that is already open. */
    public static EncoderModel of(Checkpoint checkpoint, Generator generator) throws CheckpointException {
        return EncoderFile.of(checkpoint).model(generator);
    }

    /**
     * Takes weights of another encoder to begin a training with: of one of the same head all that fit, of others the
     * body and the levels of the pyramid, and the first style where it looks at the same level. Of a wider input the
     * first channels are taken over, as ReStyle does.
     *
     * @param file of {@link #save} or {@link #saveEncoder}, an official whole model, or ArcFace's network
     * @return how many tensors were taken
     * @throws CheckpointException if it holds none of these, or nothing fits
     */
    public int startFrom(Path file) throws IOException {
        return WarmStart.of(file).into(encoder);
    }

    /**
     * Rebuilds a whole model from the parts of such a file.
     *
     * @param file for messages
     * @param state tensors by the official names, {@code encoder.…} and {@code decoder.…}
     * @param options the official ones
     * @param average the file's {@code latent_avg}, or null
     * @throws CheckpointException as {@link #load}
     */
    public static EncoderModel of(Path file, Map<String, StoredTensor> state, Map<String, ?> options,
                                  StoredTensor average) throws CheckpointException {
        return new EncoderFile(file, state, options, average).model(null);
    }

    /**
     * Writes the model as the official code does, for {@link #load} to read; smaller bodies are told from their
     * tensors.
     */
    public void save(Path file) throws IOException {
        save(file, Map.of());
    }

    /** @param notes further options for the file, such as those of the training: text, numbers, booleans */
    public void save(Path file, Map<String, ?> notes) throws IOException {
        EncoderFile.write(file, this, notes);
    }

    /**
     * Writes the encoder alone, in half precision, with the fingerprint of the generator that it goes with, for
     * {@link #load(Path, Generator)}.
     */
    public void saveEncoder(Path file, Map<String, ?> notes) throws IOException {
        EncoderFile.writeHalf(file, this, notes);
    }

    /** Codes [N, styles, wDim] of pictures, or of other inputs the encoder was made for, [N, channels, H, W]. */
    public Tensor encode(Tensor inputs) {
        return kind.isIterative() ? refine(inputs, steps).getLast() : Scope.local(() -> {
            Tensor codes = encoder.codes(fitted(inputs));
            return average == null ? codes : codes.add(average);
        });
    }

    /** ReStyle's codes after each step: what the encoder finds for a picture beside its reconstruction is added. */
    public List<Tensor> refine(Tensor pictures, int count) {
        if (!kind.isIterative()) {
            throw new IllegalArgumentException("encoderModel: " + kind + " encodes in one step, got " + count);
        }
        Tensor target = fitted(pictures);
        int n = pictures.size(0);
        List<Tensor> steps = new ArrayList<>();
        Tensor before = start(n);
        for (int i = 0; i < count; i++) {
            Tensor codes = before;
            // All pictures start from one, that of the average code.
            Tensor shown = i == 0 ? averagePicture().expand(n, -1, -1, -1) : fitted(picture(codes));
            before = Scope.local(() -> encoder.codes(Views.concat(List.of(target, shown), 1)).add(codes));
            steps.add(before);
        }
        return steps;
    }

    /** The codes [n, styles, wDim] that ReStyle begins with. */
    public Tensor start(int n) {
        EncoderConfig config = encoder.config();
        return average == null ? Tensor.zeros(n, config.styles(), config.wDim())
                : average.unsqueeze(0).expand(n, config.styles(), config.wDim()).contiguous();
    }

    /** The average code's picture [1, 3, side, side], which ReStyle begins with. */
    public Tensor averagePicture() {
        return fitted(picture(start(1)));
    }

    /** The generator's picture of codes, [N, 3, H, W]. */
    public Tensor picture(Tensor codes) {
        return decoder.synthesis(codes, Noise.CONST);
    }

    /** Pictures of the generator's size, averaged down to the encoder's; smaller ones are interpolated. */
    public Tensor fitted(Tensor pictures) {
        int side = encoder.config().side();
        int longer = Math.max(pictures.size(2), pictures.size(3));
        if (longer == side) {
            return pictures;
        }
        int height = Math.max(1, Math.round((float) pictures.size(2) * side / longer));
        int width = Math.max(1, Math.round((float) pictures.size(3) * side / longer));
        return longer > side ? Interpolation.adaptiveAvgPool2d(pictures, height, width)
                : Interpolation.interpolate(pictures, height, width, Interpolation.Mode.BILINEAR);
    }
}
