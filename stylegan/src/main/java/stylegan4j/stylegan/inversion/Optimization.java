package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Minimises a loss over tensors by Adam, a step at a time; reports, saves, resumes and stops between steps. */
final class Optimization {
    private static final Adam ADAM = Adam.of(0.9, 0.999);
    private static final String PARAMETER = "parameter/";
    private static final String OPTIMIZER = "optimizer/";
    private static final String LOSS_SCALE = "loss_scale";

    /**
     * What one step minimises the sum of.
     *
     * @param losses of each picture, [N], which are reported
     * @param penalty of each picture, [N], which is not; null for none
     */
    record Loss(Tensor losses, Tensor penalty) {
        static Loss of(Tensor losses) {
            return new Loss(losses, null);
        }
    }

    /** What is minimised. */
    interface Objective {
        Loss at(int step);

        /** Whether the losses just computed are low enough, so that no update follows. */
        default boolean isReached() {
            return false;
        }

        /** What follows each update. */
        default void updated() {
        }
    }

    private final Session session;
    private final String phase;
    private final int steps;
    private final LearningRate rate;
    private final Map<String, Tensor> parameters;
    private final Optimizer optimizer;
    private final LossScale scale;

    /**
     * @param parameters are changed; their state belongs to the scope that is open now
     * @param generator the loss's gradients pass through it
     */
    Optimization(Session session, String phase, int steps, LearningRate rate, Map<String, Tensor> parameters,
                 Generator generator) {
        this.session = session;
        this.phase = phase;
        this.steps = steps;
        this.rate = rate;
        this.parameters = parameters;
        this.optimizer = new Optimizer(parameters, ADAM, 0);
        this.scale = generator.synthesis().needsLossScale() ? new LossScale() : null;
    }

    /**
     * Runs from the beginning, or from the session's saved state if it is of this phase.
     *
     * @param codes gives [N, num_ws, w_dim] for the listener
     * @return whether it ran to its end
     */
    boolean minimize(Objective objective, Supplier<Tensor> codes) {
        int first = session.resumesAt(phase) ? restore() : 0;
        parameters.values().forEach(p -> p.requiresGrad(true));
        try {
            boolean more = true;
            for (int step = first; more && step < steps; step++) {
                if (!step(step, objective, codes)) {
                    return false;
                }
                more = !objective.isReached();
            }
            return true;
        } finally {
            parameters.values().forEach(p -> {
                p.zeroGrad();
                p.requiresGrad(false);
            });
        }
    }

    /** Returns whether to go on. */
    private boolean step(int step, Objective objective, Supplier<Tensor> codes) {
        float[] losses;
        try (var _ = Scope.open()) {
            Loss loss = Autograd.recorded(() -> objective.at(step));
            losses = loss.losses.toArray();
            if (!objective.isReached()) {
                update(step, loss);
            }
        }
        if (!objective.isReached()) {
            try (var _ = Scope.open()) {
                Autograd.noGrad(objective::updated);
            }
        }
        session.history().add(phase, losses);
        boolean on;
        try (var _ = Scope.open()) {
            Tensor now = Autograd.noGrad(() -> codes.get().detach());
            on = session.run().listener().step(new InversionStep(phase, step, steps, losses), now);
        }
        if (!on || session.run().journal().isDue()) {
            // Nothing is left to do once the objective is reached.
            session.run().journal().save(session.state(phase, objective.isReached() ? steps : step + 1, values()));
        }
        return on;
    }

    private void update(int step, Loss loss) {
        List<Tensor> wanted = new ArrayList<>(parameters.values());
        Tensor total = Autograd.recorded(() ->
                (loss.penalty == null ? loss.losses : loss.losses.add(loss.penalty)).sum());
        List<Tensor> gradients = Autograd.grad(scale == null ? total : Autograd.recorded(() -> scale.scaled(total)),
                wanted);
        for (int i = 0; i < wanted.size(); i++) {
            wanted.get(i).replaceGrad(gradients.get(i));
        }
        optimizer.learningRate(rate.at(step));
        if (scale == null || scale.unscale(wanted)) {
            optimizer.step();
        }
    }

    private Map<String, StoredTensor> values() {
        Map<String, StoredTensor> values = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> values.put(PARAMETER + name, Session.stored(tensor)));
        optimizer.save().forEach((name, value) -> values.put(OPTIMIZER + name, value));
        if (scale != null) {
            values.put(LOSS_SCALE, scale.save());
        }
        return values;
    }

    private int restore() {
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        session.saved().tensors().forEach((name, value) -> {
            if (name.startsWith(OPTIMIZER)) {
                state.put(name.substring(OPTIMIZER.length()), value);
            } else if (name.startsWith(PARAMETER)) {
                try (var _ = Scope.open()) {
                    Autograd.noGrad(() -> parameters.get(name.substring(PARAMETER.length()))
                            .assign(Session.tensor(value)));
                }
            }
        });
        optimizer.load(state);
        if (scale != null && session.saved().tensors().containsKey(LOSS_SCALE)) {
            scale.load(session.saved().tensors().get(LOSS_SCALE));
        }
        return session.saved().step();
    }
}
