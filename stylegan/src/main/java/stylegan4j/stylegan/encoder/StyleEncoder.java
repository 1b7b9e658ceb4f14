package stylegan4j.stylegan.encoder;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Linear;
import stylegan4j.nn.PReLU;
import stylegan4j.nn.Sequential;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.feature.ResNetBody;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Views;

/**
 * The encoders of pSp (arXiv 2008.00951), e4e (arXiv 2102.02766) and ReStyle (arXiv 2104.02699): a residual body, and a
 * head that makes codes of its features. Names of parameters are the official ones ({@code psp_encoders.py},
 * {@code restyle_psp_encoders.py}, {@code restyle_e4e_encoders.py}, {@code fpn_encoders.py}).
 */
public final class StyleEncoder extends Encoder {
    /** Styles from these on look at the second and third level of a pyramid. */
    static final int MIDDLE = 3;
    static final int FINE = 7;
    private static final int POOLED = 7;

    private final StyleEncoderConfig config;
    private final Layer stem;
    private final Sequential body;
    private final List<StyleBlock> styles = new ArrayList<>();
    private Conv2d lateral1;
    private Conv2d lateral2;
    private Sequential flattened;
    private FullyConnected linear;

    public StyleEncoder(StyleEncoderConfig config, Initializer init) {
        this.config = config;
        switch (config.body()) {
            case IrBody ir -> {
                stem = child("input_layer", ir.stem(config.channels(), init));
                body = child("body", ir.body(init));
            }
            case ResNetBody resNet -> {
                stem = resNetStem(resNet.width(), init);
                body = child("body", new Sequential(resNet.stages(init).stream().flatMap(List::stream).toList()));
            }
        }
        if (config.head().hasBlocks()) {
            blocks(init);
        } else {
            linearHead(init);
        }
    }

    /** A stem of stride 2 without pooling, whose {@code relu} is a PReLU. */
    private Layer resNetStem(int width, Initializer init) {
        return new Sequential(
                child("conv1", new Conv2d(config.channels(), width, 7, ConvGeometry.of(2, 3), false, init)),
                child("bn1", new BatchNorm(width)), child("relu", new PReLU(width)));
    }

    private void blocks(Initializer init) {
        int width = config.width();
        for (int i = 0; i < config.styles(); i++) {
            int halvings = !config.head().isPyramid() || i < MIDDLE ? 4 : i < FINE ? 3 : 2;
            styles.add(new StyleBlock(width, config.styleWidth(), config.wDim(), config.side() >> halvings, init));
        }
        child("styles", new Sequential(styles));
        if (config.head().isPyramid()) {
            ConvGeometry pointwise = ConvGeometry.of(1, 0);
            lateral1 = child("latlayer1",
                    new Conv2d(config.body().widths().get(2), width, 1, pointwise, true, init));
            lateral2 = child("latlayer2",
                    new Conv2d(config.body().widths().get(1), width, 1, pointwise, true, init));
        }
    }

    private void linearHead(Initializer init) {
        int width = config.width();
        boolean each = config.head() == StyleEncoderConfig.Head.INTO_W_PLUS;
        if (each) {
            flattened = child("output_layer_2", new Sequential(new BatchNorm(width),
                    x -> Interpolation.adaptiveAvgPool2d(x, POOLED, POOLED), x -> x.flatten(1, -1),
                    new Linear(width * POOLED * POOLED, config.wDim(), true, init)));
        }
        linear = child("linear", new FullyConnected(each ? config.wDim() : width,
                each ? config.wDim() * config.styles() : config.wDim(), Activation.LINEAR, 1, 0, init));
    }

    @Override
    public StyleEncoderConfig config() {
        return config;
    }

    @Override
    public Tensor codes(Tensor x, int stage) {
        return Scope.local(() -> head(levels(x), stage));
    }

    /** The last three levels of the body for x: the finest first. */
    public List<Tensor> levels(Tensor x) {
        if (x.rank() != 4 || x.size(1) != config.channels()) {
            throw new IllegalArgumentException("encoder: expected pictures of " + config.channels() + " channels, got "
                    + x.describe());
        }
        return body.taps(stem.forward(x), config.body().taps());
    }

    /** Stem, before the blocks of the body. */
    public Tensor stem(Tensor x) {
        return stem.forward(x);
    }

    /** The blocks, one after another. */
    public Sequential body() {
        return body;
    }

    /** The block of one style, where there are such. */
    public StyleBlock style(int number) {
        return styles.get(number);
    }

    /** What {@link StyleEncoderConfig.Head#INTO_W_PLUS} puts before its linear layer; null elsewhere. */
    public Sequential flattened() {
        return flattened;
    }

    /** The second level of the pyramid, by what {@link #levels} gives. */
    public Tensor middle(List<Tensor> levels) {
        return upsampleAdd(levels.get(2), lateral1.forward(levels.get(1)));
    }

    /** The third level of the pyramid. */
    public Tensor fine(Tensor middle, List<Tensor> levels) {
        return upsampleAdd(middle, lateral2.forward(levels.get(0)));
    }

    /** x resized to y's size, corners aligned, plus y. */
    public static Tensor upsampleAdd(Tensor x, Tensor y) {
        return Interpolation.interpolate(x, y.size(2), y.size(3), Interpolation.Mode.BILINEAR, true, false).add(y);
    }

    private Tensor head(List<Tensor> levels, int stage) {
        Tensor last = levels.getLast();
        return switch (config.head()) {
            case INTO_W -> linear.forward(last.mean(2, 3)).unsqueeze(1)
                    .expand(-1, config.styles(), config.wDim()).contiguous();
            case INTO_W_PLUS -> linear.forward(flattened.forward(last))
                    .reshape(-1, config.styles(), config.wDim());
            default -> byBlocks(levels, stage);
        };
    }

    private Tensor byBlocks(List<Tensor> levels, int stage) {
        boolean progressive = config.head().isProgressive();
        int open = progressive ? Math.min(stage + 1, config.styles()) : config.styles();
        Tensor features = levels.getLast();
        List<Tensor> codes = new ArrayList<>();
        for (int i = 0; i < open; i++) {
            if (config.head().isPyramid() && i == MIDDLE) {
                features = middle(levels);
            } else if (config.head().isPyramid() && i == FINE) {
                features = fine(features, levels);
            }
            Tensor style = styles.get(i).forward(features);
            codes.add(progressive && i > 0 ? codes.getFirst().add(style) : style);
        }
        while (codes.size() < config.styles()) {
            codes.add(codes.getFirst());
        }
        return Views.stack(codes, 1);
    }
}
