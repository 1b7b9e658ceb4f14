package stylegan4j.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.encoder.train.EncodingTask;
import stylegan4j.stylegan.encoder.train.LossWeights;
import stylegan4j.stylegan.translation.Source;
import stylegan4j.stylegan.translation.SourceOptions;
import stylegan4j.stylegan.translation.Task;
import stylegan4j.stylegan.translation.TaskPairs;

/** What an encoder is to learn, by the official options' names. */
final class EncoderTaskOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = {"--task", "--dataset_type"}, paramLabel = "NAME",
            description = "encode, frontalize, sketch, segmentation, super-resolution, inpainting, stylize, or an "
                    + "official name such as celebs_seg_to_face (default: encode, without mirrored pictures).")
    private String name;

    @Option(names = "--label_nc", paramLabel = "N", defaultValue = "0",
            description = "segmentation: number of classes.")
    private int classes;

    @Option(names = "--resize_factors", paramLabel = "N,N", split = ",",
            description = "super-resolution: how much coarser inputs are made, one by chance (default: "
                    + "1,2,4,8,16,32).")
    private List<Integer> factors;

    private Task task() {
        try {
            return name == null ? null : Task.named(name);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--task: " + e.getMessage());
        }
    }

    private Source source() {
        boolean labels = task().name().equals("segmentation");
        if (labels && classes < 2) {
            throw new ParameterException(spec.commandLine(), "--label_nc: expected at least 2 classes, got " + classes);
        }
        return task().source().apply(SourceOptions.forTraining(classes, factors == null ? SourceOptions.FACTORS
                : factors));
    }

    /** Refuses pairs for a task that makes its inputs itself, and targets alone for one that does not. */
    void requireSources(boolean given) {
        boolean wanted = task() != null && task().pairing() == Task.Pairing.FILES;
        if (task() != null && wanted != given) {
            throw new ParameterException(spec.commandLine(),
                    "--source-data: task " + task() + (wanted ? " needs pictures of another kind"
                            : " makes its inputs of --data"));
        }
    }

    /** How sources are read. */
    PictureDataset.Decoder decoder() {
        return task() == null ? PictureDataset.OPAQUE : source()::decode;
    }

    /** How pairs are made. */
    EncodingTask encoding(int side) {
        return task() == null ? EncodingTask.INVERSION : new TaskPairs(task(), source(), side);
    }

    /** Channels of the task's inputs; 0 for none that are known. */
    int channels() {
        return task() == null ? 0 : source().channels();
    }

    /** The published weights of the losses. */
    LossWeights weights() {
        return task() == null ? LossWeights.OFFICIAL : task().weights();
    }
}
