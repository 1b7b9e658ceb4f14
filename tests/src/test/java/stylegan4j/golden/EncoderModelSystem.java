package stylegan4j.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.stylegan.LayerListener;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** Whole models of pSp, e4e and ReStyle, rebuilt from what the official code writes into one file. */
final class EncoderModelSystem implements GoldenSystem {
    private static final int MIXED_FROM = 8;

    @Override
    public void run(GoldenCase golden) throws IOException {
        Map<String, StoredTensor> state = new LinkedHashMap<>(golden.parameters());
        StoredTensor average = state.remove("latent_avg");
        EncoderModel model = EncoderModel.of(Path.of("golden"), state, golden.config(), average);
        Autograd.noGrad(() -> {
            try {
                check(golden, model);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void check(GoldenCase golden, EncoderModel model) throws IOException {
        Tensor x = golden.input("x");
        if (model.kind().isIterative()) {
            golden.check("avg_image", model.averagePicture().squeeze(0));
            List<Tensor> steps = model.refine(x, golden.integer("n_iters"));
            for (int i = 0; i < steps.size(); i++) {
                golden.check("codes_step" + i, steps.get(i));
                golden.check("image_step" + i, shown(model, steps.get(i)));
            }
            return;
        }
        Tensor codes = model.encode(x);
        golden.check("latents", codes);
        Tensor picture = model.picture(codes);
        golden.check("image_full", picture);
        golden.check("image", model.fitted(picture));
        decoder(golden, model, codes);
        if (golden.hasInput("z_inject")) {
            mixing(golden, model, codes);
        }
    }

    private static void decoder(GoldenCase golden, EncoderModel model, Tensor codes) throws IOException {
        StyleEncoder encoder = (StyleEncoder) model.encoder();
        for (String block : golden.wanted("encoder.body.")) {
            golden.check("encoder.body." + block, encoder.body().taps(
                    encoder.stem(golden.input("x")), Integer.parseInt(block)).getFirst());
        }
        Map<String, Tensor> layers = new LinkedHashMap<>();
        model.decoder().synthesis().forward(codes, Noise.CONST, LayerListener.collect(layers));
        golden.check("decoder.conv1", layers.getOrDefault("b4.conv1", codes));
        golden.check("decoder.to_rgb1", layers.getOrDefault("b4.img", codes));
        golden.check("decoder.convs.5", layers.getOrDefault("b32.conv1", codes));
    }

    private static void mixing(GoldenCase golden, EncoderModel model, Tensor codes) throws IOException {
        Tensor w = model.decoder().mapping().forward(golden.input("z_inject"), null);
        golden.check("inject_latents", w);
        int styles = codes.size(1);
        Tensor injected = w.unsqueeze(1).expand(-1, styles, w.size(1)).contiguous();
        golden.check("inject_image", shown(model, injected));
        int[] layers = IntStream.range(MIXED_FROM, styles).toArray();
        mixed(golden, model, "mix", LatentCodes.mix(codes, injected, layers));
        mixed(golden, model, "mix_alpha", LatentCodes.mix(codes, injected, 0.5, layers));
        mixed(golden, model, "zeroed", LatentCodes.mix(codes, Tensor.zeros(codes.shape()), layers));
    }

    private static void mixed(GoldenCase golden, EncoderModel model, String name, Tensor codes) throws IOException {
        golden.check(name + "_latents", codes);
        golden.check(name + "_image", shown(model, codes));
    }

    private static Tensor shown(EncoderModel model, Tensor codes) {
        return model.fitted(model.picture(codes));
    }
}
