package stylegan4j.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.tensor.op.Arithmetic;
import stylegan4j.tensor.op.Elementwise;
import stylegan4j.tensor.op.Indexing;
import stylegan4j.tensor.op.MatMul;
import stylegan4j.tensor.op.Reductions;
import stylegan4j.tensor.op.Views;

/**
 * A strided array of numbers on a device, and its place in the gradient graph. Operations never change their operands;
 * their results belong to the innermost open {@link Scope} and may share memory with an operand (views).
 *
 * <p>Arithmetic is done in {@link DType#F32}; the half types are storage and are widened on use. {@link DType#I32}
 * holds indices. A tensor, and everything computed from it, is to be used by one thread at a time.
 */
public final class Tensor implements AutoCloseable {
    private final Storage storage;
    private final NdArray array;
    private Scope owner;
    private Node node;
    private Tensor grad;
    private int references;

    private Tensor(Storage storage, NdArray array) {
        this.storage = storage;
        this.array = array;
        storage.retain();
    }

    // ---- creation

    /** A new dense F32 tensor with undefined contents, for an operation to fill. */
    public static Tensor allocate(int... shape) {
        return allocate(DType.F32, shape);
    }

    /** A new dense tensor with undefined contents, for an operation to fill. */
    public static Tensor allocate(DType type, int... shape) {
        Scope scope = Scope.current();
        for (int d : shape) {
            if (d < 0) {
                throw new IllegalArgumentException("tensor: negative size in shape " + Shapes.format(shape));
            }
        }
        Storage storage = new Storage(scope.device().backend(), NdArray.numel(shape) * type.bytes());
        return owned(new Tensor(storage, NdArray.contiguous(storage.buffer, type, shape.clone())), scope);
    }

    public static Tensor full(float value, int... shape) {
        Tensor y = allocate(shape);
        y.storage.backend.fill(y.array, value);
        return y;
    }

    public static Tensor zeros(int... shape) {
        return full(0, shape);
    }

    public static Tensor ones(int... shape) {
        return full(1, shape);
    }

    /** A tensor of rank 0. */
    public static Tensor scalar(float value) {
        return full(value);
    }

    /**
     * Copies {@code values}, row by row.
     *
     * @throws IllegalArgumentException if their number is not the shape's
     */
    public static Tensor of(float[] values, int... shape) {
        if (values.length != NdArray.numel(shape)) {
            throw new IllegalArgumentException("tensor: " + values.length + " values for shape "
                    + Shapes.format(shape));
        }
        return upload(DType.F32, MemorySegment.ofArray(values), shape);
    }

    /** Indices: copies {@code values}, row by row, as {@link DType#I32}. */
    public static Tensor of(int[] values, int... shape) {
        if (values.length != NdArray.numel(shape)) {
            throw new IllegalArgumentException("tensor: " + values.length + " values for shape "
                    + Shapes.format(shape));
        }
        return upload(DType.I32, MemorySegment.ofArray(values), shape);
    }

    /** Copies dense row-major elements in native byte order. */
    public static Tensor upload(DType type, MemorySegment host, int... shape) {
        Tensor y = allocate(type, shape);
        if (host.byteSize() != y.numel() * type.bytes()) {
            throw new IllegalArgumentException("tensor: " + host.byteSize() + " bytes for " + y.describe());
        }
        y.storage.backend.upload(host, y.storage.buffer, 0);
        return y;
    }

    /** {@code 0, 1, …, n−1} */
    public static Tensor range(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return of(values, n);
    }

    /** The identity matrix [n, n]. */
    public static Tensor eye(int n) {
        float[] values = new float[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 1;
        }
        return of(values, n, n);
    }

    // ---- what it is

    /** The dimensions. */
    public int[] shape() {
        return array.shape().clone();
    }

    /** Size of one dimension; negative ones count from the end. */
    public int size(int dim) {
        return array.shape()[Shapes.axis("size", dim, rank())];
    }

    public int rank() {
        return array.rank();
    }

    public long numel() {
        return array.numel();
    }

    public DType type() {
        return array.type();
    }

    /** What kernels read: the memory, checked to be still there. */
    public NdArray array() {
        checkAlive();
        return array;
    }

    /** How often this memory was written in place: what was derived from it is out of date when this has changed. */
    public int version() {
        return storage.version();
    }

    /** The device whose memory this is in, as kernels see it. */
    public Backend backend() {
        return storage.backend;
    }

    /** {@code F32[1, 3, 64, 64]}, for messages. */
    public String describe() {
        return array.type() + Shapes.format(array.shape());
    }

    /** Whether the elements lie densely in row-major order. */
    public boolean isContiguous() {
        return array.isContiguous();
    }

    // ---- reading

    /** Copies all elements, row by row, widening half types. */
    public float[] toArray() {
        float[] values = new float[Math.toIntExact(numel())];
        try (var _ = Scope.open(Scope.current().device())) {
            Tensor dense = Autograd.noGrad(() -> detach().to(DType.F32).contiguous());
            storage.backend.download(dense.storage.buffer, dense.array.offset() * Float.BYTES,
                    MemorySegment.ofArray(values));
        }
        return values;
    }

    /** Copies all elements of an index tensor. */
    public int[] toIntArray() {
        if (type() != DType.I32) {
            throw new IllegalArgumentException("toIntArray: expected I32, got " + describe());
        }
        int[] values = new int[Math.toIntExact(numel())];
        try (var _ = Scope.open(Scope.current().device())) {
            Tensor dense = contiguous();
            storage.backend.download(dense.storage.buffer, dense.array.offset() * Integer.BYTES,
                    MemorySegment.ofArray(values));
        }
        return values;
    }

    /**
     * The value of a one-element tensor.
     *
     * @throws IllegalArgumentException if there are more or fewer elements
     */
    public float item() {
        if (numel() != 1) {
            throw new IllegalArgumentException("item: expected one element, got " + describe());
        }
        return toArray()[0];
    }

    // ---- the gradient graph

    /** Whether gradients flow to or through this tensor. */
    public boolean requiresGrad() {
        return node != null;
    }

    /**
     * Makes this a leaf that gradients are computed for (or no longer). Returns this.
     *
     * @throws IllegalStateException if it is the result of a recorded operation
     */
    public Tensor requiresGrad(boolean wanted) {
        if (node != null && node.leaf == null) {
            throw new IllegalStateException("requiresGrad: " + describe() + " is the result of " + node.op
                    + "; detach it first");
        }
        if (wanted && node == null) {
            setNode(Node.leaf(this));
        } else if (!wanted && node != null) {
            clearNode();
        }
        return this;
    }

    /** The same memory without its history. */
    public Tensor detach() {
        return owned(new Tensor(storage, array()), Scope.current());
    }

    /** The gradient summed up by {@link #backward()}, or null. */
    public Tensor grad() {
        return grad;
    }

    /**
     * Replaces {@link #grad()}, for example by a clipped one; a tensor of the current scope is taken over.
     *
     * @throws IllegalArgumentException if it is not of this shape
     */
    public void replaceGrad(Tensor gradient) {
        if (!Arrays.equals(gradient.array.shape(), array.shape())) {
            throw new IllegalArgumentException("replaceGrad: " + gradient.describe() + " for " + describe());
        }
        if (gradient != grad) {
            zeroGrad();
            accumulateGrad(gradient);
        }
    }

    /** Forgets {@link #grad()}. */
    public void zeroGrad() {
        if (grad != null) {
            grad.close();
            grad = null;
        }
    }

    /** Adds the gradient of this scalar to {@link #grad()} of every leaf behind it, and frees the graph. */
    public void backward() {
        Autograd.backward(this);
    }

    /** Overwrites this leaf's elements; to be called with recording off. Shapes must be equal. */
    public Tensor assign(Tensor values) {
        requireLeaf("assign");
        if (!Arrays.equals(values.array.shape(), array.shape())) {
            throw new IllegalArgumentException("assign: " + values.describe() + " to " + describe());
        }
        storage.backend.copy(values.array(), array());
        storage.written();
        return this;
    }

    /**
     * Overwrites this dense leaf's elements from the host, row by row in native byte order; to be called with recording
     * off.
     *
     * @throws IllegalArgumentException if {@code host} has another size than the elements
     */
    public Tensor assign(MemorySegment host) {
        requireLeaf("assign");
        if (!isContiguous() || host.byteSize() != numel() * type().bytes()) {
            throw new IllegalArgumentException("assign: " + host.byteSize() + " bytes to " + describe()
                    + (isContiguous() ? "" : ", which is not dense"));
        }
        storage.backend.upload(host, storage.buffer, array().offset() * type().bytes());
        storage.written();
        return this;
    }

    // ---- arithmetic (operands broadcast as in NumPy)

    public Tensor add(Tensor other) {
        return Arithmetic.add(this, other);
    }

    public Tensor add(double value) {
        return Elementwise.affine(this, 1, value);
    }

    public Tensor sub(Tensor other) {
        return Arithmetic.sub(this, other);
    }

    public Tensor sub(double value) {
        return Elementwise.affine(this, 1, -value);
    }

    public Tensor mul(Tensor other) {
        return Arithmetic.mul(this, other);
    }

    public Tensor mul(double value) {
        return Elementwise.affine(this, value, 0);
    }

    public Tensor div(Tensor other) {
        return Arithmetic.div(this, other);
    }

    public Tensor div(double value) {
        return Elementwise.affine(this, 1 / value, 0);
    }

    public Tensor neg() {
        return Elementwise.affine(this, -1, 0);
    }

    public Tensor pow(double exponent) {
        return Elementwise.pow(this, exponent);
    }

    public Tensor square() {
        return Elementwise.square(this);
    }

    public Tensor sqrt() {
        return Elementwise.sqrt(this);
    }

    public Tensor rsqrt() {
        return Elementwise.rsqrt(this);
    }

    public Tensor reciprocal() {
        return Elementwise.reciprocal(this);
    }

    public Tensor exp() {
        return Elementwise.exp(this);
    }

    public Tensor log() {
        return Elementwise.log(this);
    }

    public Tensor sin() {
        return Elementwise.sin(this);
    }

    public Tensor cos() {
        return Elementwise.cos(this);
    }

    public Tensor tanh() {
        return Elementwise.tanh(this);
    }

    public Tensor sigmoid() {
        return Elementwise.sigmoid(this);
    }

    public Tensor softplus() {
        return Elementwise.softplus(this);
    }

    public Tensor relu() {
        return Elementwise.leakyRelu(this, 0);
    }

    public Tensor leakyRelu(double slope) {
        return Elementwise.leakyRelu(this, slope);
    }

    public Tensor abs() {
        return Elementwise.abs(this);
    }

    /** −1, 0 or 1; its gradient is zero. */
    public Tensor sign() {
        return Elementwise.constantSlope(UnaryOp.SIGN, this);
    }

    public Tensor floor() {
        return Elementwise.constantSlope(UnaryOp.FLOOR, this);
    }

    /** To the nearest whole number, halves to even. */
    public Tensor round() {
        return Elementwise.constantSlope(UnaryOp.ROUND, this);
    }

    /** Limits to low … high; the gradient passes inside and at the bounds. */
    public Tensor clamp(double low, double high) {
        return Elementwise.clamp(this, low, high);
    }

    public Tensor maximum(Tensor other) {
        return Arithmetic.maximum(this, other);
    }

    public Tensor minimum(Tensor other) {
        return Arithmetic.minimum(this, other);
    }

    /** 1 where this is larger, else 0. */
    public Tensor greater(Tensor other) {
        return Arithmetic.greater(this, other);
    }

    /** 1 where this is larger than {@code value}, else 0. */
    public Tensor greater(double value) {
        return Elementwise.greater(this, value);
    }

    /** 1 where equal, else 0. */
    public Tensor equal(Tensor other) {
        return Arithmetic.equal(this, other);
    }

    // ---- reductions (no dimensions given: over all)

    public Tensor sum(int... dims) {
        return Reductions.sum(this, false, dims);
    }

    /** Sum that keeps the reduced dimensions with size 1. */
    public Tensor sumKeep(int... dims) {
        return Reductions.sum(this, true, dims);
    }

    public Tensor mean(int... dims) {
        return Reductions.mean(this, false, dims);
    }

    /** Mean that keeps the reduced dimensions with size 1. */
    public Tensor meanKeep(int... dims) {
        return Reductions.mean(this, true, dims);
    }

    /** Biased variance that keeps the reduced dimensions with size 1. */
    public Tensor varianceKeep(int... dims) {
        return Reductions.varianceKeep(this, dims);
    }

    public Tensor max(int... dims) {
        return Reductions.max(this, false, dims);
    }

    public Tensor min(int... dims) {
        return Reductions.min(this, false, dims);
    }

    /** Euclidean norm. */
    public Tensor norm(int... dims) {
        return square().sum(dims).sqrt();
    }

    /** Softmax over the last dimension. */
    public Tensor softmax() {
        return Reductions.softmax(this);
    }

    /** Logarithm of the softmax over the last dimension. */
    public Tensor logSoftmax() {
        return Reductions.logSoftmax(this);
    }

    /** Indices of the first largest elements along {@code dim}, which disappears ({@link DType#I32}). */
    public Tensor argMax(int dim) {
        return Reductions.argMax(this, dim);
    }

    // ---- linear algebra

    /** [..., M, K] · [..., K, N]; leading dimensions broadcast. */
    public Tensor matmul(Tensor other) {
        return MatMul.matmul(this, other);
    }

    /** Swaps the last two dimensions. */
    public Tensor t() {
        return transpose(-2, -1);
    }

    // ---- shape

    /** The same elements in another shape; one size may be −1. Shares memory where the strides allow. */
    public Tensor reshape(int... shape) {
        return Views.reshape(this, shape);
    }

    /** Joins dimensions {@code from} … {@code to}. */
    public Tensor flatten(int from, int to) {
        return Views.flatten(this, from, to);
    }

    public Tensor permute(int... dims) {
        return Views.permute(this, dims);
    }

    public Tensor transpose(int a, int b) {
        return Views.transpose(this, a, b);
    }

    /** Repeats dimensions of size 1 without copying; −1 keeps a size. */
    public Tensor expand(int... shape) {
        return Views.expand(this, shape);
    }

    /** Elements {@code from} … {@code to}−1 along {@code dim}. */
    public Tensor slice(int dim, int from, int to) {
        return Views.slice(this, dim, from, to, 1);
    }

    /** Every {@code step}-th element of {@code from} … {@code to}−1 along {@code dim}. */
    public Tensor slice(int dim, int from, int to, int step) {
        return Views.slice(this, dim, from, to, step);
    }

    /** One element along {@code dim}, which disappears; negative indices count from the end. */
    public Tensor select(int dim, int index) {
        return Views.select(this, dim, index);
    }

    /** Inserts a dimension of size 1. */
    public Tensor unsqueeze(int dim) {
        return Views.unsqueeze(this, dim);
    }

    /** Removes a dimension of size 1. */
    public Tensor squeeze(int dim) {
        return Views.squeeze(this, dim);
    }

    /** Reverses the given dimensions. */
    public Tensor flip(int... dims) {
        return Views.flip(this, dims);
    }

    /** The same elements, dense; this tensor itself where it is dense already. */
    public Tensor contiguous() {
        return Views.contiguous(this);
    }

    /** The same values as another type; this tensor itself where it has it already. */
    public Tensor to(DType type) {
        return Views.to(this, type);
    }

    /** Picks elements along {@code dim} by a one-dimensional index tensor. */
    public Tensor indexSelect(int dim, Tensor index) {
        return Indexing.indexSelect(this, dim, index);
    }

    // ---- lifetime

    /** Frees this handle before its scope closes; memory that a gradient graph needs stays. */
    @Override
    public void close() {
        if (owner != null) {
            owner.forget(this);
            disown();
        }
    }

    /** Whether the memory is gone. */
    public boolean isClosed() {
        return references == 0;
    }

    @Override
    public String toString() {
        return isClosed() ? describe() + " (closed)" : TensorText.format(this);
    }

    // ---- for operations (package and op package)

    /** A view of the same memory, without history. */
    public Tensor view(long offset, int[] shape, long[] strides) {
        checkAlive();
        return owned(new Tensor(storage, new NdArray(storage.buffer, array.type(), offset, shape, strides)),
                Scope.current());
    }

    /** Tells that a kernel has changed this memory in place; not for tensors that an operation made. */
    public void written() {
        requireLeaf("written");
        storage.written();
    }

    Tensor alias() {
        Tensor alias = detach();
        alias.setNode(node);
        return alias;
    }

    Tensor unownedAlias() {
        Tensor alias = new Tensor(storage, array);
        alias.references = 1;
        return alias;
    }

    Tensor withNode(Node history) {
        Tensor alias = detach();
        alias.setNode(history);
        return alias;
    }

    private static Tensor owned(Tensor tensor, Scope scope) {
        tensor.references = 1;
        scope.add(tensor);
        return tensor;
    }

    Scope owner() {
        return owner;
    }

    void setOwner(Scope scope) {
        owner = scope;
    }

    Storage storage() {
        return storage;
    }

    Node node() {
        return node;
    }

    void setNode(Node newNode) {
        node = newNode;
        if (newNode != null) {
            newNode.retain();
        }
    }

    private void clearNode() {
        Node old = node;
        node = null;
        old.release();
    }

    void accumulateGrad(Tensor g) {
        Scope home = owner != null ? owner : Scope.current();
        if (grad == null) {
            grad = home.adopt(g.owner() == Scope.current() || g.owner() == null ? g : g.alias());
        } else {
            Tensor sum = Autograd.noGrad(() -> grad.add(g));
            grad.close();
            grad = home.adopt(sum);
        }
    }

    void retainReference() {
        references++;
    }

    void releaseReference() {
        if (--references == 0) {
            if (node != null) {
                clearNode();
            }
            if (grad != null) {
                zeroGrad();
            }
            storage.release();
        }
    }

    /** Called by the owning scope as it closes. */
    void disown() {
        owner = null;
        releaseReference();
    }

    private void requireLeaf(String op) {
        if (node != null && node.leaf == null) {
            throw new IllegalStateException(op + ": " + describe() + " is the result of " + node.op);
        }
    }

    private void checkAlive() {
        if (references == 0) {
            throw new IllegalStateException("tensor " + describe() + " was used after its scope closed");
        }
    }
}
