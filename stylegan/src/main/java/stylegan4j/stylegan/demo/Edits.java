package stylegan4j.stylegan.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.avatar.AttributeDirections;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.demo.Page.EditRow;
import stylegan4j.stylegan.demo.Page.Figure;
import stylegan4j.stylegan.demo.Page.MixRow;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** What can be done with codes once they are found: attributes changed, styles mixed, a walk from one to the next. */
final class Edits {
    /** Edits grow by this, in units of W's spread along the direction, until the attribute has changed. */
    private static final double STEP = 0.5;
    private static final double FARTHEST = 4;
    private static final int SHOWN = 5;
    private static final int FRAMES_BETWEEN = 14;
    /** A turn of the walk is slow at its ends. */
    private static final int PAUSE = 5;

    private final Generator generator;
    private final Tensor codes;
    private final AvatarFeatures features;

    /** @param codes [N, num_ws, w_dim] */
    Edits(Generator generator, Tensor codes, AvatarFeatures features) {
        this.generator = generator;
        this.codes = codes;
        this.features = features;
    }

    private Tensor code(int i) {
        return codes.slice(0, i, i + 1);
    }

    /** For each picture the attributes turned around whose directions are surest. */
    List<EditRow> attributes(AttributeDirections directions, List<String> names) throws IOException {
        List<Direction> surest = directions.all().stream()
                .sorted(Comparator.comparingDouble(Direction::accuracy).reversed()).limit(SHOWN).toList();
        List<EditRow> rows = new ArrayList<>();
        for (int i = 0; i < codes.size(0); i++) {
            List<Figure> after = new ArrayList<>();
            for (Direction direction : surest) {
                after.add(turned(code(i), direction));
            }
            rows.add(new EditRow(new Figure(PictureUri.of(picture(code(i))), "tuned", names.get(i)), after));
        }
        return rows;
    }

    /** An attribute given to a picture that lacks it, or taken away. */
    private Figure turned(Tensor code, Direction direction) throws IOException {
        double before = probability(code, direction);
        double sign = before < 0.5 ? 1 : -1;
        double amount = STEP;
        while (amount < FARTHEST && (probability(direction.apply(code, sign * amount), direction) < 0.5)
                == (before < 0.5)) {
            amount += STEP;
        }
        Tensor edited = direction.apply(code, sign * amount);
        return new Figure(PictureUri.of(picture(edited)), (sign > 0 ? "+ " : "− ") + direction.attribute().text(),
                String.format(Locale.ROOT, "%.0f → %.0f %%", 100 * before, 100 * probability(edited, direction)));
    }

    private double probability(Tensor code, Direction direction) {
        return Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                return direction.attribute().probability(features.scores(synthesis(code)).toArray(),
                        features.vocabulary());
            }
        });
    }

    /** The coarse half of the layers from one picture, the fine half from another. */
    List<MixRow> mixes(List<String> originals) throws IOException {
        List<MixRow> rows = new ArrayList<>();
        int coarse = codes.size(1) / 2;
        for (int i = 0; i < codes.size(0); i++) {
            List<String> pictures = new ArrayList<>();
            for (int j = 0; j < codes.size(0); j++) {
                Tensor mixed = Views.concat(List.of(code(i).slice(1, 0, coarse),
                        code(j).slice(1, coarse, codes.size(1))), 1);
                pictures.add(PictureUri.of(picture(mixed)));
            }
            rows.add(new MixRow(originals.get(i), pictures));
        }
        return rows;
    }

    /** A closed walk through all codes, as an animated picture. */
    String walk() throws IOException {
        List<Image> frames = new ArrayList<>();
        int n = codes.size(0);
        for (int i = 0; i < n; i++) {
            Tensor from = code(i);
            Tensor to = code((i + 1) % n);
            for (int frame = 0; frame < FRAMES_BETWEEN; frame++) {
                Image image = picture(from.add(to.sub(from).mul((double) frame / FRAMES_BETWEEN)));
                for (int repeat = frame == 0 ? PAUSE : 1; repeat > 0; repeat--) {
                    frames.add(image);
                }
            }
        }
        return PictureUri.of(frames);
    }

    private Tensor synthesis(Tensor code) {
        return generator.synthesis(code, Noise.CONST).clamp(-1, 1);
    }

    private Image picture(Tensor code) {
        return Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                return ImageTensors.toImages(synthesis(code)).getFirst();
            }
        });
    }
}
