package stylegan4j.stylegan.inversion;

import java.util.Map;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Inversion by an encoder: one pass, or a few for ReStyle, which then looks at the given generator's pictures.
 *
 * @param model the encoder, and what its codes start from
 */
public record EncoderInversion(EncoderModel model) implements Inversion {
    private static final String PHASE = "encoding";

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if the encoder makes codes of another shape than the generator takes
     */
    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        EncoderModel with = new EncoderModel(model.kind(), model.encoder(), generator, model.average(), model.steps());
        long start = System.nanoTime();
        Tensor codes = Autograd.noGrad(() -> Scope.local(() -> with.encode(targets)));
        boolean complete = run.listener().step(new InversionStep(PHASE, 0, 1, new float[targets.size(0)]), codes);
        return new InversionResult(codes, Map.of(), generator, new LossHistory(), (System.nanoTime() - start) * 1e-9,
                complete);
    }
}
