package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import stylegan4j.stylegan.loss.Ssim;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** Structural similarity, with pictures in −1…1, 0…1 and 0…255. */
final class SsimSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Tensor x = golden.input("x").requiresGrad(true);
        Tensor y = noisy(x.detach(), golden.input("n"));
        Ssim.Terms terms = Ssim.terms(x.detach(), y);
        golden.check("ssim", terms.similarity().mean());
        golden.check("cs", terms.contrast().mean());
        Tensor ms = Ssim.msSsimOfBatch(x, y);
        golden.check("ms_ssim", ms);
        golden.check("grad_x_ms_ssim", Autograd.grad(ms, List.of(x)).getFirst());
        Tensor x01 = golden.input("x01");
        Tensor y01 = noisy(x01, golden.input("n01"));
        Ssim.Terms terms01 = Ssim.terms(x01, y01);
        golden.check("ssim_01", terms01.similarity().mean());
        golden.check("cs_01", terms01.contrast().mean());
        golden.check("ms_ssim_01", Ssim.msSsimOfBatch(x01, y01));
        golden.check("ms_ssim_01_simple", Ssim.combine(Ssim.scales(x01, y01).stream()
                .map(t -> new Ssim.Terms(half(t.similarity()), half(t.contrast()))).toList()));
        golden.check("ssim_01_per_image", Ssim.ssim(x01, y01));
        golden.check("ssim_255", Ssim.ssim(x01.mul(255), y01.mul(255)).mean());
        Tensor small = golden.input("s8");
        golden.check("ssim_8x8", Ssim.ssim(small, noisy(small, golden.input("t8"))).mean());
    }

    private static Tensor noisy(Tensor x, Tensor noise) {
        return x.mul(0.8).add(noise.mul(0.2));
    }

    /** The official option "simple": terms moved from −1…1 to 0…1. */
    private static Tensor half(Tensor term) {
        return term.mean().add(1).div(2);
    }
}
