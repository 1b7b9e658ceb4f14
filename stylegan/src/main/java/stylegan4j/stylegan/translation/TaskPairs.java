package stylegan4j.stylegan.translation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.encoder.train.EncodingTask;
import stylegan4j.tensor.Tensor;

/**
 * Makes the encoder's inputs of a task in training, and mirrors pictures as the task wants it.
 *
 * @param source how inputs are made of what was decoded
 * @param side of the inputs
 */
public record TaskPairs(Task task, Source source, int side) implements EncodingTask {
    @Override
    public Pair pair(Tensor sources, Tensor targets, SplittableRandom random) {
        List<Image> wanted = ImageTensors.toImages(targets);
        List<EncoderInput> inputs = new ArrayList<>();
        boolean[] mirrored = new boolean[wanted.size()];
        List<Image> stored = ImageTensors.toImages(sources);
        for (int i = 0; i < mirrored.length; i++) {
            mirrored[i] = task.flips() != Task.Flips.NONE && random.nextBoolean();
            boolean flips = task.flips() == Task.Flips.EACH ? random.nextBoolean() : mirrored[i];
            EncoderInput input = source.input(stored.get(i), side, side, random);
            inputs.add(flips ? input.mirrored() : input);
        }
        return new Pair(EncoderInput.batch(inputs),
                task.flips() == Task.Flips.NONE ? targets : mirror(targets, mirrored));
    }

    @Override
    public Tensor shown(Tensor inputs) {
        List<EncoderInput> rows = rows(inputs);
        return ImageTensors.toTensor(rows.stream().map(source::shown).toList());
    }

    private static Tensor mirror(Tensor pictures, boolean[] which) {
        List<EncoderInput> rows = rows(pictures);
        for (int i = 0; i < which.length; i++) {
            if (which[i]) {
                rows.set(i, rows.get(i).mirrored());
            }
        }
        return EncoderInput.batch(rows);
    }

    private static List<EncoderInput> rows(Tensor batch) {
        float[] values = batch.toArray();
        int size = values.length / batch.size(0);
        List<EncoderInput> rows = new ArrayList<>();
        for (int i = 0; i < batch.size(0); i++) {
            rows.add(new EncoderInput(batch.size(1), batch.size(2), batch.size(3),
                    Arrays.copyOfRange(values, i * size, (i + 1) * size)));
        }
        return rows;
    }
}
