package stylegan4j.tensor;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;

/**
 * One vertex of the gradient graph: an operation's inputs and the rule that turns the gradient of its result into
 * theirs, or a leaf. It keeps alive just the tensors that the rule reads, not every input.
 */
public final class Node {
    /** Turns dL/dy into dL/dx for each input, with differentiable operations; unneeded entries may be null. */
    @FunctionalInterface
    public interface Gradient {
        Tensor[] apply(Tensor dy, Node node);
    }

    private static final Node[] NO_INPUTS = {};
    private static final Tensor[] NOTHING = {};
    private static long created;

    final long order;
    final String op;
    final Tensor leaf;
    final Node[] inputs;
    private Tensor[] saved;
    private int[] savedVersions;
    private Tensor output;
    private Gradient gradient;
    private int references;
    private boolean[] needed;
    private Tensor soFar;
    private boolean continued;

    private Node(String op, Tensor leaf, Node[] inputs) {
        synchronized (Node.class) {
            this.order = created++;
        }
        this.op = op;
        this.leaf = leaf;
        this.inputs = inputs;
        for (Node input : inputs) {
            if (input != null) {
                input.references++;
            }
        }
    }

    static Node leaf(Tensor tensor) {
        Node node = new Node("leaf", tensor, NO_INPUTS);
        node.saved = NOTHING;
        return node;
    }

    /**
     * Connects {@code y} to its inputs, if gradients are recorded and any input needs one. To be followed by
     * {@link Recording#gradient}.
     */
    public static Recording record(String op, Tensor y, Tensor... inputs) {
        boolean wanted = false;
        if (Autograd.enabled()) {
            for (Tensor x : inputs) {
                wanted |= x != null && x.requiresGrad();
            }
        }
        return new Recording(op, y, wanted ? inputs : null);
    }

    /** Whether the gradient of input {@code i} is asked for in the running backward pass. */
    public boolean needs(int i) {
        return needed[i];
    }

    /**
     * The gradient that the only input has of others so far, which the rule adds its own to in one pass: the caller
     * gives the sum as its result. Null where there is none, or the sum must be one that can be differentiated.
     */
    public Tensor gradientSoFar() {
        continued = soFar != null;
        return soFar;
    }

    /** Whether the rule's result includes the gradient so far. */
    boolean continuesGradient() {
        return continued;
    }

    /** The operation's own result, connected to the graph; only after {@link Recording#savesOutput}. */
    public Tensor output() {
        return output.withNode(this);
    }

    /** @param sum see {@link #gradientSoFar} */
    void need(boolean[] which, Tensor sum) {
        needed = which;
        soFar = sum;
        continued = false;
    }

    Tensor[] backward(Tensor dy) {
        if (gradient == null) {
            throw new IllegalStateException("backward: the graph behind " + op + " was freed by an earlier backward "
                    + "pass; ask for retainGraph to use it twice");
        }
        for (int i = 0; i < saved.length; i++) {
            if (saved[i].storage().version() != savedVersions[i]) {
                throw new IllegalStateException("backward: " + op + " needs " + saved[i].describe()
                        + ", which was changed in place since");
            }
        }
        return gradient.apply(dy, this);
    }

    void retain() {
        references++;
    }

    /** Drops one reference; the last one frees what the node keeps and, in turn, its inputs. */
    void release() {
        ArrayDeque<Node> dying = new ArrayDeque<>();
        if (--references == 0) {
            dying.add(this);
        }
        while (!dying.isEmpty()) {
            Node node = dying.pop();
            node.forgetSaved();
            for (Node input : node.inputs) {
                if (input != null && --input.references == 0) {
                    dying.push(input);
                }
            }
        }
    }

    /** Frees what the gradient rule reads; the node itself stays in the graph. */
    void forgetSaved() {
        if (leaf != null) {
            return;
        }
        gradient = null;
        Tensor[] freed = saved;
        saved = NOTHING;
        for (Tensor t : freed) {
            t.releaseReference();
        }
        if (output != null) {
            Tensor y = output;
            output = null;
            y.releaseReference();
        }
    }

    /** The second half of {@link Node#record}: what to keep, and the rule. */
    public static final class Recording {
        private final String op;
        private final Tensor y;
        private final Tensor[] inputs;
        private Tensor[] saved = NOTHING;
        private boolean savesOutput;

        private Recording(String op, Tensor y, Tensor[] inputs) {
            this.op = op;
            this.y = y;
            this.inputs = inputs;
        }

        /** Names the tensors that the rule reads (nulls are skipped), so that they live as long as the graph. */
        public Recording saves(Tensor... tensors) {
            if (inputs != null) {
                saved = Arrays.stream(tensors).filter(Objects::nonNull).toArray(Tensor[]::new);
            }
            return this;
        }

        /** The rule reads {@link Node#output()}. */
        public Recording savesOutput() {
            savesOutput = true;
            return this;
        }

        /** Completes the recording; returns y. */
        public Tensor gradient(Gradient rule) {
            if (inputs == null) {
                return y;
            }
            Node[] edges = new Node[inputs.length];
            for (int i = 0; i < edges.length; i++) {
                edges[i] = inputs[i] == null ? null : inputs[i].node();
            }
            Node node = new Node(op, null, edges);
            node.gradient = rule;
            node.saved = saved;
            node.savedVersions = new int[saved.length];
            for (int i = 0; i < saved.length; i++) {
                saved[i].retainReference();
                node.savedVersions[i] = saved[i].storage().version();
            }
            if (savesOutput) {
                node.output = y.unownedAlias();
            }
            y.setNode(node);
            return y;
        }
    }
}
