package stylegan4j.golden;

import java.io.IOException;
import java.util.function.IntToDoubleFunction;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.tensor.Tensor;

/** Learning rate and noise scale of the projectors, step by step. */
final class ProjectorSchedulesSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        int steps = golden.integer("num_steps");
        Projector official = Projector.w(null).withSteps(steps);
        Projector pivot = Projector.pivot(null).withSteps(steps);
        Projector short450 = Projector.pivot(null);
        golden.check("lr_nvlabs", values(steps, official.schedule()::at));
        golden.check("lr_rosinality", values(steps, official.schedule()::at));
        golden.check("lr_pti", values(steps, pivot.schedule()::at));
        golden.check("lr_pti_450", values(short450.steps(), short450.schedule()::at));
        golden.check("w_noise_scale", values(steps, official::noiseScale));
    }

    private static Tensor values(int steps, IntToDoubleFunction rule) {
        float[] values = new float[steps];
        for (int i = 0; i < steps; i++) {
            values[i] = (float) rule.applyAsDouble(i);
        }
        return Tensor.of(values, steps);
    }
}
