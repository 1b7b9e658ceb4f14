package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.stylegan.encoder.IdInvertEncoder;
import stylegan4j.stylegan.feature.CaffeVgg16Distance;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.idinvert.DomainObjective;
import stylegan4j.stylegan.idinvert.StyleGan1Generator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** IDInvert: encoder, StyleGAN1's generator, the objective of its optimisation, and its edits of codes. */
final class IdInvertSystem {
    private static final Path FILE = Path.of("golden");
    private static final int WEAKER_LAYERS = 8;
    private static final double WEAKER = 0.7;

    private IdInvertSystem() {
    }

    static void encoder(GoldenCase golden) throws IOException {
        IdInvertEncoder encoder = IdInvertEncoder.of(FILE, golden.parameters(),
                Boolean.TRUE.equals(golden.config().get("use_wscale")));
        Tensor x = golden.input("x");
        for (String block : golden.wanted("block")) {
            golden.check("block" + block, Autograd.noGrad(() -> encoder.block(x, Integer.parseInt(block))));
        }
        golden.check("codes", Autograd.noGrad(() -> encoder.codes(x)));
    }

    static void generator(GoldenCase golden) throws IOException {
        StyleGan1Generator generator = StyleGan1Generator.of(FILE, golden.parameters(), finalTanh(golden));
        Map<String, Tensor> layers = new LinkedHashMap<>();
        golden.check("image_from_w", generator.synthesize(golden.input("wp"), layers::put));
        for (Map.Entry<String, Tensor> layer : layers.entrySet()) {
            golden.check(layer.getKey(), layer.getValue());
        }
        Tensor w = generator.map(golden.input("z"));
        golden.check("mapping", w);
        Tensor codes = generator.truncate(w);
        golden.check("truncated", codes);
        golden.check("image_from_z", generator.synthesize(codes));
    }

    private static boolean finalTanh(GoldenCase golden) {
        return Boolean.TRUE.equals(golden.config().get("final_tanh"));
    }

    static void objective(GoldenCase golden) throws IOException {
        Map<String, StoredTensor> all = golden.parameters();
        StyleGan1Generator generator = StyleGan1Generator.of(FILE, part(all, "G."), finalTanh(golden));
        IdInvertEncoder encoder = IdInvertEncoder.of(FILE, part(all, "E."), false);
        DomainObjective objective = new DomainObjective(generator::synthesize, encoder::codes,
                FeatureFile.of(FILE, part(all, "F.")).caffe(), CaffeVgg16Distance.OFFICIAL_WEIGHT,
                DomainObjective.OFFICIAL_DOMAIN_WEIGHT);
        Tensor x = golden.input("x");
        Tensor start = Autograd.noGrad(() -> encoder.codes(x));
        golden.check("z0", start);
        golden.check("x_rec", Autograd.noGrad(() -> generator.synthesize(start)));
        List<Tensor> features = objective.perceptual().features(x);
        golden.check("feat_x", features.getFirst());
        Tensor z = start.detach().requiresGrad(true);
        DomainObjective.Terms terms = objective.terms(z, x, features);
        golden.check("loss_pix", terms.pixels().mean());
        golden.check("loss_feat", terms.features().mean());
        golden.check("loss_reg", terms.domain().mean());
        Tensor loss = objective.loss(terms).mean();
        golden.check("loss", loss);
        golden.check("grad_z", Autograd.grad(loss, List.of(z)).getFirst());
    }

    private static Map<String, StoredTensor> part(Map<String, StoredTensor> all, String prefix) {
        Map<String, StoredTensor> part = new LinkedHashMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), tensor);
            }
        });
        return part;
    }

    static void manipulate(GoldenCase golden) throws IOException {
        Tensor boundary = golden.input("boundary");
        Tensor unit = boundary.div(boundary.norm(1).reshape(1, 1));
        golden.check("unit_boundary", unit);
        double[] distances = spaced(golden.integer("start"), golden.integer("end"), golden.integer("step"));
        golden.check("plain", LatentCodes.line(golden.input("codes"), unit, distances));
        Tensor codes = golden.input("codes_layerwise");
        Tensor other = golden.input("codes_layerwise_2");
        int layers = codes.size(1);
        float[] strengths = new float[layers];
        for (int i = 2; i <= 5; i++) {
            strengths[i] = i < WEAKER_LAYERS ? (float) WEAKER : 1;
        }
        golden.check("layerwise", LatentCodes.line(codes, unit.mul(Tensor.of(strengths, layers, 1)), distances));
        golden.check("interpolate", LatentCodes.line(codes, other.sub(codes), spaced(0, 1, 5)));
        Tensor mixed = LatentCodes.mix(other, codes, IntStream.range(8, layers).toArray());
        golden.check("mix_style", mixed.unsqueeze(1));
    }

    private static double[] spaced(double from, double to, int steps) {
        double[] values = new double[steps];
        Arrays.setAll(values, i -> from + (to - from) * i / (steps - 1));
        return values;
    }
}
