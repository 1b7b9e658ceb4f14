package stylegan4j.tensor;

import java.util.function.UnaryOperator;

/**
 * A tensor computed from another one that seldom changes, such as a norm of weights: kept until that one is written in
 * place. While the source's gradients are recorded it is computed afresh each time, so that they flow.
 */
public final class Derived {
    private final Tensor source;
    private final UnaryOperator<Tensor> rule;
    private Tensor value;
    private int version;

    /** @param rule to give the same result for the same elements */
    public Derived(Tensor source, UnaryOperator<Tensor> rule) {
        this.source = source;
        this.rule = rule;
    }

    /** The value for the source's present elements. A kept one belongs to the source's scope. */
    public Tensor get() {
        if (Autograd.enabled() && source.requiresGrad()) {
            return rule.apply(source);
        }
        if (value == null || value.isClosed() || version != source.version()) {
            if (value != null) {
                value.close();
            }
            value = source.owner().adopt(Autograd.noGrad(() -> Scope.local(() -> rule.apply(source))));
            version = source.version();
        }
        return value;
    }
}
