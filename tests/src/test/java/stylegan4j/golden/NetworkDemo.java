package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

/** Runs the networks of a checkpoint file on what was run by the official code, stored under {@code demo/}. */
final class NetworkDemo {
    /** That of the generator cases of this size. */
    private static final double TOLERANCE = 1e-4;
    private static final double PSI = 0.7;

    private final Path file;
    private final Checkpoint stored;
    private final Comparison comparison = new Comparison(new Manifest.Tolerance(TOLERANCE, null));
    private final List<String> failures = new ArrayList<>();

    NetworkDemo(Path file, Checkpoint stored) {
        this.file = file;
        this.stored = stored;
    }

    void run() throws IOException {
        Assumptions.assumeTrue(NetworkPart.of(Checkpoints.read(file)).stream()
                .noneMatch(p -> p.kind() == NetworkPart.Kind.STYLEGAN3), "not yet supported: StyleGAN3");
        try (var device = Device.cpu(); var _ = device.open()) {
            Networks networks = Networks.load(file);
            Autograd.noGrad(() -> {
                generate(networks.generatorEma());
                if (networks.discriminator() != null) {
                    int[] shape = {4, 3, 32, 32};
                    Tensor x = Tensor.of(Formula.fill("golden-v1:input:demo.x", 4 * 3 * 32 * 32, 0, 1), shape);
                    check("D_logits", networks.discriminator().forward(x, null));
                }
            });
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures));
        }
    }

    private void generate(Generator generator) {
        var z = stored.tensors().get("demo/z");
        Tensor codes = Tensor.of(z.toFloats(), (int) z.shape()[0], (int) z.shape()[1]);
        Tensor truncated = generator.mapping(codes, null, Truncation.psi(PSI));
        check("ws", generator.mapping(codes, null, Truncation.NONE));
        check("ws_psi07", truncated);
        check("latents", truncated);
        check("img", generator.synthesis(truncated, Noise.CONST));
    }

    private void check(String name, Tensor got) {
        var want = stored.tensors().get("demo/" + name);
        if (want != null) {
            int[] shape = Arrays.stream(want.shape()).mapToInt(Math::toIntExact).toArray();
            var output = new Manifest.Output(name, shape, "full", null, null, null);
            String difference = comparison.difference(output, got.toArray(), want.toFloats());
            if (difference != null) {
                failures.add(name + ": " + difference);
            }
        }
    }
}
