package stylegan4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** {@code style-mix}: each row's picture with some layers' styles from each column's. */
@Command(name = "style-mix", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Mixes styles: each row's picture, with the chosen layers from each column's.")
final class StyleMix implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Option(names = "--rows", required = true, paramLabel = "LIST", converter = Ranges.Converter.class,
            description = "Seeds of the rows.")
    private Ranges rows;

    @Option(names = "--cols", required = true, paramLabel = "LIST", converter = Ranges.Converter.class,
            description = "Seeds of the columns.")
    private Ranges columns;

    @Option(names = "--styles", paramLabel = "LIST", defaultValue = "0-6", converter = Ranges.Converter.class,
            description = "Layers taken from the columns (default: ${DEFAULT-VALUE}).")
    private Ranges styles;

    @Override
    public Integer call() throws IOException {
        network.run(this::mix);
        return ExitCode.OK;
    }

    private void mix(Generator generator) throws IOException {
        for (long layer : styles.values()) {
            if (layer >= generator.numWs()) {
                throw new ParameterException(spec.commandLine(), "--styles: the network has layers 0 to "
                        + (generator.numWs() - 1) + ", got " + layer);
            }
        }
        Tensor label = network.label(generator);
        Set<Long> seeds = new LinkedHashSet<>(rows.values());
        seeds.addAll(columns.values());
        Map<Long, Tensor> codes = new LinkedHashMap<>();
        Map<Long, Image> originals = new LinkedHashMap<>();
        long total = seeds.size() + (long) rows.values().size() * columns.values().size();
        try (Progress progress = new Progress("style-mix", total)) {
            for (long seed : seeds) {
                Tensor ws = generator.mapping(generator.latents(seed), label, network.truncation());
                codes.put(seed, ws);
                originals.put(seed, picture(generator, ws, seed + "-" + seed));
                progress.step();
            }
            List<Image> cells = new ArrayList<>();
            cells.add(blank(originals));
            columns.values().forEach(column -> cells.add(originals.get(column)));
            for (long row : rows.values()) {
                cells.add(originals.get(row));
                for (long column : columns.values()) {
                    Tensor mixed = mixed(codes.get(row), codes.get(column));
                    cells.add(row == column ? originals.get(row)
                            : picture(generator, mixed, row + "-" + column));
                    progress.step();
                }
            }
            Images.writePng(ImageGrid.of(cells, columns.values().size() + 1), network.file("grid.png"));
        }
        spec.commandLine().getOut().println(rows.values().size() + " x " + columns.values().size()
                + " mixed pictures and grid.png in " + network.folder());
    }

    private Image picture(Generator generator, Tensor ws, String name) throws IOException {
        try (var _ = Scope.open()) {
            Image image = ImageTensors.toImages(generator.synthesis(ws, network.noise())).getFirst();
            Images.writePng(image, network.file(name + ".png"));
            return image;
        }
    }

    /** The row's codes [1, num_ws, w_dim] with the chosen layers of the column's. */
    private Tensor mixed(Tensor row, Tensor column) {
        List<Tensor> layers = new ArrayList<>();
        for (int i = 0; i < row.size(1); i++) {
            layers.add((styles.values().contains((long) i) ? column : row).slice(1, i, i + 1));
        }
        return Views.concat(layers, 1);
    }

    private static Image blank(Map<Long, Image> originals) {
        Image like = originals.values().iterator().next();
        return Image.black(like.channels(), like.height(), like.width());
    }
}
