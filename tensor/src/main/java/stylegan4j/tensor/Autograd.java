package stylegan4j.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;

/** Reverse-mode differentiation of any order: gradients are tensors, and can be differentiated again. */
public final class Autograd {
    private static final ThreadLocal<Boolean> ENABLED = ThreadLocal.withInitial(() -> true);

    private Autograd() {
    }

    /** Whether operations on this thread are recorded. */
    public static boolean enabled() {
        return ENABLED.get();
    }

    /** Runs without recording, so that intermediate results are freed with their scopes. */
    public static <T> T noGrad(Supplier<T> body) {
        return with(false, body);
    }

    /** {@link #noGrad(Supplier)} for a body without a result. */
    public static void noGrad(Runnable body) {
        with(false, () -> {
            body.run();
            return null;
        });
    }

    /** Runs with recording, also inside {@link #noGrad(Supplier)}. */
    public static <T> T recorded(Supplier<T> body) {
        return with(true, body);
    }

    private static <T> T with(boolean enabled, Supplier<T> body) {
        boolean before = ENABLED.get();
        ENABLED.set(enabled);
        try {
            return body.get();
        } finally {
            ENABLED.set(before);
        }
    }

    /** Gradients of a scalar with respect to {@code inputs}; the graph is freed. */
    public static List<Tensor> grad(Tensor output, List<Tensor> inputs) {
        return grad(output, inputs, null, false, false);
    }

    /** Gradients of a scalar with respect to {@code inputs} that can be differentiated again. */
    public static List<Tensor> gradWithGraph(Tensor output, List<Tensor> inputs) {
        return grad(output, inputs, null, true, true);
    }

    /**
     * Gradients of {@code Σ output·seed} with respect to {@code inputs}, in their order and shapes; zeros where the
     * output does not depend on an input.
     *
     * @param seed of output's shape, or null for 1 (output must then have one element)
     * @param createGraph whether the gradients can be differentiated again; retains the graph
     * @param retainGraph whether the graph can be used for another backward pass
     */
    public static List<Tensor> grad(Tensor output, List<Tensor> inputs, Tensor seed, boolean createGraph,
                                    boolean retainGraph) {
        Set<Node> targets = new HashSet<>();
        for (Tensor x : inputs) {
            if (!x.requiresGrad()) {
                throw new IllegalArgumentException("grad: input " + x.describe() + " does not require a gradient");
            }
            targets.add(x.node());
        }
        Map<Node, Tensor> found = run(output, targets, seed, createGraph, retainGraph);
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor x : inputs) {
            Tensor g = found.get(x.node());
            gradients.add(g != null ? g : Tensor.zeros(x.shape()));
        }
        return gradients;
    }

    /** Adds the gradients of a scalar to {@link Tensor#grad()} of every leaf behind it, and frees the graph. */
    static void backward(Tensor output) {
        Set<Node> leaves = new HashSet<>();
        Set<Node> seen = new HashSet<>();
        List<Node> open = new ArrayList<>(List.of(requireNode(output)));
        while (!open.isEmpty()) {
            Node node = open.removeLast();
            if (seen.add(node)) {
                if (node.leaf != null) {
                    leaves.add(node);
                }
                for (Node input : node.inputs) {
                    if (input != null) {
                        open.add(input);
                    }
                }
            }
        }
        try (var _ = Scope.open()) {
            run(output, leaves, null, false, false).forEach((node, g) -> node.leaf.accumulateGrad(g));
        }
    }

    private static Node requireNode(Tensor output) {
        if (output.node() == null) {
            throw new IllegalArgumentException("backward: " + output.describe() + " does not depend on any tensor "
                    + "that requires a gradient");
        }
        return output.node();
    }

    private static Map<Node, Tensor> run(Tensor output, Set<Node> targets, Tensor seed, boolean createGraph,
                                         boolean retainGraph) {
        Node root = requireNode(output);
        if (seed == null && output.numel() != 1) {
            throw new IllegalArgumentException("backward: expected a scalar or a seed, got " + output.describe());
        }
        if (seed != null && !Arrays.equals(seed.shape(), output.shape())) {
            throw new IllegalArgumentException("backward: seed " + seed.describe() + " for an output "
                    + output.describe());
        }
        Set<Node> useful = leadingTo(targets, root);
        Map<Node, Tensor> pending = new HashMap<>();
        Map<Node, Tensor> found = new HashMap<>();
        if (!useful.contains(root)) {
            return found;
        }
        // The creation order is a topological order: a node's consumers are all younger.
        PriorityQueue<Node> queue = new PriorityQueue<>(Comparator.comparingLong((Node n) -> n.order).reversed());
        pending.put(root, seed != null ? seed : Tensor.ones(output.shape()));
        queue.add(root);
        with(createGraph, () -> {
            while (!queue.isEmpty()) {
                Node node = queue.poll();
                Tensor dy = pending.remove(node);
                if (targets.contains(node)) {
                    found.put(node, dy);
                }
                if (node.leaf == null && node.inputs.length > 0) {
                    propagate(node, dy, useful, pending, queue);
                    if (!retainGraph && !createGraph) {
                        node.forgetSaved();
                    }
                }
                if (!createGraph && !targets.contains(node) && dy != seed) {
                    dy.close();
                }
            }
            return null;
        });
        return found;
    }

    private static void propagate(Node node, Tensor dy, Set<Node> useful, Map<Node, Tensor> pending,
                                  PriorityQueue<Node> queue) {
        boolean[] needed = new boolean[node.inputs.length];
        boolean any = false;
        for (int i = 0; i < needed.length; i++) {
            needed[i] = node.inputs[i] != null && useful.contains(node.inputs[i]);
            any |= needed[i];
        }
        if (!any) {
            return;
        }
        node.need(needed, enabled() || node.inputs.length != 1 ? null : pending.get(node.inputs[0]));
        try (Scope scope = Scope.open()) {
            Tensor[] gradients = node.backward(dy);
            for (int i = 0; i < needed.length; i++) {
                if (needed[i]) {
                    Tensor g = gradients[i];
                    if (g == null) {
                        throw new IllegalStateException("backward: " + node.op + " gave no gradient for input " + i);
                    }
                    if (node.continuesGradient()) {
                        pending.remove(node.inputs[i]).close();
                        pending.put(node.inputs[i], scope.release(own(g, scope)));
                    } else {
                        accumulate(node.inputs[i], g, scope, pending, queue);
                    }
                }
            }
        }
    }

    private static void accumulate(Node target, Tensor g, Scope scope, Map<Node, Tensor> pending,
                                   PriorityQueue<Node> queue) {
        Tensor sum = pending.get(target);
        if (sum == null) {
            pending.put(target, scope.release(own(g, scope)));
            queue.add(target);
        } else {
            pending.put(target, scope.release(sum.add(g)));
            if (!Autograd.enabled()) {
                sum.close();
            }
        }
    }

    /** A rule may hand its own argument on: each receiver gets a handle that is its own to close. */
    private static Tensor own(Tensor g, Scope scope) {
        return g.owner() == scope ? g : g.alias();
    }

    private static Set<Node> leadingTo(Set<Node> targets, Node root) {
        long oldest = targets.stream().mapToLong(n -> n.order).min().orElse(Long.MAX_VALUE);
        Set<Node> useful = new HashSet<>();
        Set<Node> visited = new HashSet<>();
        List<Node> stack = new ArrayList<>(List.of(root));
        while (!stack.isEmpty()) {
            Node node = stack.getLast();
            if (visited.add(node)) {
                for (Node input : node.inputs) {
                    if (input != null && input.order >= oldest && !visited.contains(input)) {
                        stack.add(input);
                    }
                }
            } else {
                stack.removeLast();
                boolean leads = targets.contains(node);
                for (Node input : node.inputs) {
                    leads |= input != null && useful.contains(input);
                }
                if (leads) {
                    useful.add(node);
                }
            }
        }
        return useful;
    }
}
