package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import stylegan4j.stylegan.inversion.Locality;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** PTI's codes around a pivot, and its pixel loss. */
final class LocalitySystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Tensor pivot = golden.input("w_pivot");
        Tensor sample = golden.input("w_sample");
        Tensor moved = Locality.moved(pivot, sample, golden.integer("regulizer_alpha"));
        golden.check("morphed_w", moved);
        golden.check("direction_norm", sample.sub(pivot).norm());
        golden.check("moved_norm", moved.sub(pivot).norm());
        Tensor made = golden.input("image_b").requiresGrad(true);
        Tensor loss = PixelDistance.l2(golden.input("image_a"), made).sum();
        golden.check("l2_loss", loss);
        golden.check("grad_image_b", Autograd.grad(loss, List.of(made)).getFirst());
    }
}
