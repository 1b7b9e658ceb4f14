package stylegan4j.golden;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.encoder.LatentDiscriminator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** e4e's latent discriminator and the losses with it. */
final class LatentDiscriminatorSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        LatentDiscriminator discriminator = new LatentDiscriminator(golden.integer("style_dim"), Initializer.NONE);
        discriminator.load(golden.parameters());
        discriminator.requiresGrad(true);
        Tensor real = golden.input("real_w");
        Tensor fake = golden.input("fake_w");
        golden.check("real_pred", discriminator.logits(real));
        golden.check("fake_pred", discriminator.logits(fake));
        golden.check("d_real_loss", discriminator.logits(real).neg().softplus().mean());
        golden.check("d_fake_loss", discriminator.logits(fake).softplus().mean());
        Tensor loss = discriminator.loss(real, fake);
        golden.check("d_loss", loss);
        new Gradients(golden, "grad_d:").check(loss, discriminator.parameters(), Map.of());
        Tensor r1 = discriminator.r1(real);
        golden.check("r1_loss", r1);
        Tensor weighted = r1.mul(number(golden, "r1_weight") / 2 * golden.integer("d_reg_every"));
        golden.check("r1_final_loss", weighted.reshape(1));
        new Gradients(golden, "grad_r1:").check(weighted, discriminator.parameters(), Map.of());
        encoderLosses(golden, discriminator);
    }

    private static void encoderLosses(GoldenCase golden, LatentDiscriminator discriminator) throws IOException {
        Tensor codes = golden.input("latent").requiresGrad(true);
        golden.check("latent_pred", discriminator.logits(codes));
        for (int stage : List.of(0, 5, 18)) {
            Tensor adversarial = discriminator.encoderLoss(codes, stage);
            golden.check("enc_adv_loss_stage" + stage, adversarial);
            Tensor total = adversarial.mul(number(golden, "w_discriminator_lambda"));
            // The official coach leaves the norm out at the first stage and at the last.
            if (golden.wants("delta_loss_stage" + stage)) {
                Tensor delta = LatentDiscriminator.deltaNorm(codes, stage);
                golden.check("delta_loss_stage" + stage, delta);
                total = total.add(delta.mul(number(golden, "delta_norm_lambda")));
            }
            golden.check("enc_total_stage" + stage, total);
            golden.check("grad_latent_stage" + stage, Autograd.grad(total, List.of(codes)).getFirst());
        }
    }

    private static double number(GoldenCase golden, String key) {
        return ((Number) golden.config().get(key)).doubleValue();
    }
}
