package stylegan4j.nn;

import stylegan4j.tensor.Tensor;

/** A step of a network that takes one tensor to another: a {@link Module}, or a function without state. */
@FunctionalInterface
public interface Layer {
    Tensor forward(Tensor x);
}
