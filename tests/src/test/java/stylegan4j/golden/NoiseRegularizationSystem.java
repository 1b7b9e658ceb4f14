package stylegan4j.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.stylegan.loss.NoiseRegularization;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** The projectors' noise regularisation and normalisation. */
final class NoiseRegularizationSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        List<Tensor> maps = new ArrayList<>();
        while (golden.hasInput("noise_" + maps.size())) {
            maps.add(golden.input("noise_" + maps.size()).requiresGrad(true));
        }
        Tensor loss = NoiseRegularization.of(maps);
        golden.check("loss_rosinality", loss);
        golden.check("loss_nvlabs", loss);
        golden.check("loss_per_buffer", Views.stack(maps.stream().map(NoiseRegularization::of).toList(), 0));
        List<Tensor> gradients = Autograd.grad(loss, maps);
        for (int i = 0; i < maps.size(); i++) {
            golden.check("grad_noise_" + i, gradients.get(i));
            golden.check("normalized_nv_" + i, NoiseRegularization.normalized(maps.get(i)));
            golden.check("normalized_ros_" + i, NoiseRegularization.normalizedUnbiased(maps.get(i)));
        }
    }
}
