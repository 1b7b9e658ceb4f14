package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import stylegan4j.stylegan.loss.LatentNorm;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** pSp's norm of codes. */
final class LatentNormSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Tensor codes = golden.input("latent").requiresGrad(true);
        Tensor fromAverage = LatentNorm.wNorm(codes, golden.input("latent_avg"));
        golden.check("loss_from_avg", fromAverage);
        golden.check("loss_plain", LatentNorm.wNorm(codes, null));
        golden.check("grad_latent", Autograd.grad(fromAverage, List.of(codes)).getFirst());
    }
}
