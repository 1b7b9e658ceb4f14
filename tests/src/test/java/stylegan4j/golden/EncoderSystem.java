package stylegan4j.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;

/** The encoders of pSp, e4e and ReStyle alone: levels, codes at several stages, gradients. */
final class EncoderSystem implements GoldenSystem {
    private static final Pattern STAGE = Pattern.compile("codes_stage(\\d+)");

    private final Head head;
    private final boolean resNet;

    EncoderSystem(Head head, boolean resNet) {
        this.head = head;
        this.resNet = resNet;
    }

    @Override
    public void run(GoldenCase golden) throws IOException {
        Tensor x = golden.input("x").requiresGrad(golden.wants("grad_x"));
        int styles = golden.config().containsKey("n_styles") ? golden.integer("n_styles") : 18;
        StyleEncoder encoder = new StyleEncoder(resNet ? StyleEncoderConfig.resNet34(head, x.size(1), styles)
                : StyleEncoderConfig.irSe50(head, x.size(1), styles), Initializer.NONE);
        encoder.load(golden.parameters());
        if (x.requiresGrad()) {
            Tensor codes = encoder.codes(x);
            golden.check("codes", codes);
            golden.check("grad_x", Autograd.grad(codes, List.of(x), golden.input("cotangent"), false, false)
                    .getFirst());
            return;
        }
        Autograd.noGrad(() -> {
            try {
                levels(golden, encoder, x);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void levels(GoldenCase golden, StyleEncoder encoder, Tensor x) throws IOException {
        Tensor stem = encoder.stem(x);
        golden.check("input_layer", stem);
        golden.check("relu", stem);
        for (String block : golden.wanted("body.")) {
            golden.check("body." + block, encoder.body().taps(stem, Integer.parseInt(block)).getFirst());
        }
        List<Tensor> levels = encoder.levels(x);
        golden.check("c1", levels.get(0));
        golden.check("c2", levels.get(1));
        golden.check("c3", levels.get(2));
        golden.check("c_last", levels.get(2));
        if (head.isPyramid()) {
            Tensor middle = encoder.middle(levels);
            golden.check("p2", middle);
            golden.check("p1", encoder.fine(middle, levels));
        }
        if (encoder.flattened() != null) {
            golden.check("output_layer_2", encoder.flattened().forward(levels.get(2)));
        }
        if (golden.wants("styles.0.convs")) {
            golden.check("styles.0.convs", encoder.style(0).convs().forward(levels.get(2)));
        }
        if (golden.wants("conv1")) {
            golden.check("conv1", Convolution.conv2d(x, encoder.state().get("conv1.weight"), ConvGeometry.of(2, 3)));
        }
        golden.check("output_pool", levels.get(2).meanKeep(2, 3));
        Tensor codes = encoder.codes(x);
        golden.check("codes", golden.wants("codes") && golden.shape("codes").length == 2 ? codes.select(1, 0) : codes);
        for (String output : golden.wanted("codes_")) {
            Matcher stage = STAGE.matcher("codes_" + output);
            if (stage.matches()) {
                golden.check("codes_" + output, encoder.codes(x, Integer.parseInt(stage.group(1))));
            }
        }
    }
}
