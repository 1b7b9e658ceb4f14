package stylegan4j.tensor;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Owns the tensors made on one thread while it is the innermost open scope; closing it frees them. A tensor outlives
 * its scope when it is returned by {@link #local}, moved out with {@link #release}, or still needed by a gradient
 * graph whose result lives on.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final Device device;
    private final Scope parent;
    private final Thread thread = Thread.currentThread();
    private final Set<Tensor> tensors = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    private Scope(Device device, Scope parent) {
        this.device = device;
        this.parent = parent;
    }

    static Scope open(Device device) {
        Scope scope = new Scope(device, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    /** Opens a scope inside the current one, on the same device. */
    public static Scope open() {
        return open(current().device);
    }

    /**
     * The innermost open scope of this thread.
     *
     * @throws IllegalStateException if there is none
     */
    public static Scope current() {
        Scope scope = CURRENT.get();
        if (scope == null) {
            throw new IllegalStateException("scope: none is open on thread " + Thread.currentThread().getName()
                    + "; open one with try (Scope scope = device.open())");
        }
        return scope;
    }

    /** Computes in a scope of its own and keeps only the result, which goes to the enclosing scope. */
    public static Tensor local(Supplier<Tensor> body) {
        try (Scope scope = open()) {
            return scope.release(body.get());
        }
    }

    public Device device() {
        return device;
    }

    /** Number of tensors this scope owns. */
    public int size() {
        return tensors.size();
    }

    /** Moves a tensor of this scope to the enclosing one, and returns it; other tensors are left where they are. */
    public Tensor release(Tensor tensor) {
        return tensors.contains(tensor) ? moveTo(parent, tensor) : tensor;
    }

    /** Takes over a tensor from whichever scope owns it, and returns it. */
    public Tensor adopt(Tensor tensor) {
        return moveTo(this, tensor);
    }

    private static Tensor moveTo(Scope target, Tensor tensor) {
        if (target == null) {
            throw new IllegalStateException("scope: the outermost scope has nowhere to release " + tensor.describe());
        }
        tensor.owner().tensors.remove(tensor);
        target.add(tensor);
        return tensor;
    }

    void add(Tensor tensor) {
        if (closed) {
            throw new IllegalStateException("scope: closed, cannot own " + tensor.describe());
        }
        tensors.add(tensor);
        tensor.setOwner(this);
    }

    void forget(Tensor tensor) {
        tensors.remove(tensor);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (CURRENT.get() != this || Thread.currentThread() != thread) {
            throw new IllegalStateException("scope: closed out of order or on another thread than "
                    + thread.getName());
        }
        closed = true;
        CURRENT.set(parent);
        for (Tensor tensor : List.copyOf(tensors)) {
            // The end of a tensor is the end of its gradient, which may be another of these.
            if (tensors.remove(tensor)) {
                tensor.disown();
            }
        }
    }
}
