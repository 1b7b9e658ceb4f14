package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.feature.FeatureKind;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.stylegan.feature.Vgg16Distance;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelPyramid;

/** What pictures are compared by. */
final class DistanceOptions {
    /** Distances that need no file. */
    enum Distance { AVATAR, PIXELS }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--lpips", paramLabel = "FILE", split = ",",
            description = "LPIPS for photographs: torchvision's trunk and the lpips package's linear layers, as "
                    + "TRUNK,LINEAR, or one file with both.")
    private List<Path> lpips;

    @Option(names = "--vgg", paramLabel = "FILE",
            description = "VGG-16: Image2StyleGAN's four layers of torchvision's file, or IDInvert's one of its "
                    + "vgg16.pth.")
    private Path vgg;

    @Option(names = "--distance", paramLabel = "NAME",
            description = "Instead of files: avatar (features of the shipped network; default with the shipped "
                    + "generator) or pixels (at several sizes).")
    private Distance distance;

    /**
     * The distance that was asked for.
     *
     * @param shipped whether the generator is the one that ships, for which there are features
     */
    PerceptualDistance open(boolean shipped) throws IOException {
        PerceptualDistance asked = openIfAsked();
        if (asked == null && shipped) {
            return Avatars.features();
        }
        require(asked != null, "say what pictures are to be compared by: "
                + "--lpips TRUNK,LINEAR for photographs, or --distance pixels, which needs no file");
        return asked;
    }

    /** The distance that was asked for, or that of pixels. */
    PerceptualDistance openOrPixels() throws IOException {
        PerceptualDistance asked = openIfAsked();
        return asked == null ? new PixelPyramid() : asked;
    }

    /** The distance that was asked for, or null. */
    PerceptualDistance openIfAsked() throws IOException {
        long asked = List.of(lpips != null, vgg != null, distance != null).stream().filter(x -> x).count();
        require(asked <= 1, "--lpips, --vgg and --distance exclude each other");
        if (lpips != null) {
            require(lpips.size() <= 2, "--lpips: expected TRUNK,LINEAR or one file, got " + lpips.size() + " files");
            return lpips.size() == 1 ? Lpips.load(lpips.getFirst()) : Lpips.load(lpips.get(0), lpips.get(1));
        }
        if (vgg != null) {
            FeatureFile file = FeatureFile.read(vgg);
            return file.kind() == FeatureKind.CAFFE ? file.caffe() : Vgg16Distance.load(vgg);
        }
        return distance == null ? null : distance == Distance.AVATAR ? Avatars.features() : new PixelPyramid();
    }

    /** The choice as text, files by what is in them. */
    String describe() throws IOException {
        if (lpips != null) {
            List<String> files = new ArrayList<>();
            for (Path file : lpips) {
                files.add(FileFingerprint.of(file));
            }
            return "lpips " + String.join(" ", files);
        }
        return vgg != null ? "vgg " + FileFingerprint.of(vgg)
                : distance == null ? "by default" : distance.name().toLowerCase(Locale.ROOT);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
