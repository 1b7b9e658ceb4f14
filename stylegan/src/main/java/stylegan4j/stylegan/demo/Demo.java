package stylegan4j.stylegan.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.AttributeDirections;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.InversionStep;
import stylegan4j.stylegan.metric.PictureMetrics;
import stylegan4j.stylegan.metric.PictureMetrics.Scores;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Inverts pictures by every method, edits them, and writes a page about it. The page is written anew after every
 * method, so that what is there stays if the rest is not waited for.
 */
public final class Demo {
    /** Watches a demonstration. */
    public interface Listener {
        /** A step of an optimisation is done. */
        void step(DemoMethod method, InversionStep step);

        /** A method is done; mean scores, and seconds for each picture. */
        void done(DemoMethod method, Scores scores, double seconds);
    }

    /** What a method came to. */
    private record Outcome(DemoMethod method, List<Scores> scores, List<String> pictures, double seconds,
                           List<LossChart.Phase> losses) {
    }

    /** A column of the table. */
    private record Column(ToDoubleFunction<Outcome> number, String format, boolean higherIsBetter) {
    }

    private static final List<Column> COLUMNS = List.of(
            new Column(o -> Scores.mean(o.scores()).l2(), "%.4f", false),
            new Column(o -> Scores.mean(o.scores()).psnr(), "%.1f", true),
            new Column(o -> Scores.mean(o.scores()).perceptual(), "%.3f", false),
            new Column(o -> Scores.mean(o.scores()).msSsim(), "%.3f", true),
            new Column(o -> Scores.mean(o.scores()).identity(), "%.3f", true),
            new Column(Outcome::seconds, "%.2f", false));

    private final Generator generator;
    private final AvatarFeatures features;
    private final PictureMetrics metrics;
    private final AttributeDirections directions;
    private final List<String> names;
    private final List<Image> originals;
    private final List<String> facts;
    private final List<Outcome> outcomes = new ArrayList<>();
    private List<Page.EditRow> edits = List.of();
    private List<Page.MixRow> mixes = List.of();
    private String walk;

    /**
     * @param pictures by name, of the generator's size
     * @param facts about network and machine, for the page
     */
    public Demo(Generator generator, AvatarFeatures features, AttributeDirections directions,
                Map<String, Image> pictures, List<String> facts) {
        this.generator = generator;
        this.features = features;
        this.metrics = new PictureMetrics(features, features);
        this.directions = directions;
        this.names = List.copyOf(pictures.keySet());
        this.originals = List.copyOf(pictures.values());
        this.facts = List.copyOf(facts);
    }

    /** Does it all; the page is complete when this returns. */
    public void run(List<DemoMethod> methods, long seed, Path page, Listener listener) throws IOException {
        Tensor targets = ImageTensors.toTensor(originals);
        for (DemoMethod method : methods) {
            write(page, method.name());
            try (var _ = Scope.open()) {
                InversionResult result = method.inversion().invert(generator, targets, InversionRun.DEFAULT
                        .withSeed(seed).withListener((step, codes) -> {
                            listener.step(method, step);
                            return true;
                        }));
                Outcome outcome = outcome(method, targets, result);
                outcomes.add(outcome);
                listener.done(method, Scores.mean(outcome.scores()), outcome.seconds());
                if (method.name().equals(DemoMethod.TUNED)) {
                    write(page, "edits");
                    edit(new Edits(result.generator(), result.codes(), features));
                }
            }
        }
        write(page, null);
    }

    private Outcome outcome(DemoMethod method, Tensor targets, InversionResult result) throws IOException {
        try (var _ = Scope.open()) {
            Tensor made = result.picture();
            List<String> pictures = new ArrayList<>();
            for (Image image : ImageTensors.toImages(made)) {
                pictures.add(PictureUri.of(image));
            }
            List<LossChart.Phase> losses = new ArrayList<>();
            result.history().phases().forEach((name, steps) -> losses.add(new LossChart.Phase(name, steps)));
            return new Outcome(method, metrics.of(targets, made.clamp(-1, 1)), pictures,
                    result.seconds() / originals.size(), losses);
        }
    }

    private void edit(Edits made) throws IOException {
        edits = made.attributes(directions, names);
        mixes = made.mixes(originalUris());
        walk = made.walk();
    }

    private List<String> originalUris() throws IOException {
        List<String> uris = new ArrayList<>();
        for (Image original : originals) {
            uris.add(PictureUri.of(original));
        }
        return uris;
    }

    private void write(Path page, String running) throws IOException {
        List<String> uris = originalUris();
        List<Page.PictureRow> pictures = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            List<Page.Figure> figures = new ArrayList<>();
            for (Outcome outcome : outcomes) {
                Scores scores = outcome.scores().get(i);
                figures.add(new Page.Figure(outcome.pictures().get(i), outcome.method().name(),
                        String.format(Locale.ROOT, "%.1f dB · %.2f", scores.psnr(), scores.identity())));
            }
            pictures.add(new Page.PictureRow(names.get(i), uris.get(i), figures));
        }
        List<Page.MethodRow> methods = outcomes.stream().map(this::row).toList();
        new Page(facts, running, methods, pictures, edits, mixes.isEmpty() ? List.of() : uris, mixes, walk)
                .write(page);
    }

    private Page.MethodRow row(Outcome outcome) {
        List<Page.Cell> cells = new ArrayList<>();
        for (Column column : COLUMNS) {
            double number = column.number().applyAsDouble(outcome);
            boolean best = outcomes.size() > 1 && outcomes.stream().mapToDouble(column.number())
                    .allMatch(other -> column.higherIsBetter() ? number >= other : number <= other);
            cells.add(new Page.Cell(String.format(Locale.ROOT, column.format(), number), best));
        }
        return new Page.MethodRow(outcome.method().name(), outcome.method().note(), cells,
                LossChart.svg(outcome.losses()));
    }
}
