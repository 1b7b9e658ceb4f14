package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Layout;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;

/** Elementwise functions of one, two and three arrays. */
public final class Elementwise {
    private static final String FILE = "elementwise.cu";
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Kernel unary;
    private final TypedKernel binary;
    private final Kernel where;

    public Elementwise(CudaContext cuda) {
        this.cuda = cuda;
        this.unary = cuda.kernel(FILE, "unary_map");
        this.binary = new TypedKernel(cuda, FILE, "binary_map", "A_TYPE", "B_TYPE", "Y_TYPE");
        this.where = cuda.kernel(FILE, "where_map");
    }

    public void unary(UnaryOp op, NdArray x, float p, float q, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Layout layout = Layout.of(y.shape(), x, y);
        Params params = layout.into(Params.start().pointer(x).pointer(y)).real(p).real(q).code(op);
        cuda.launch(unary, layout.groups(), THREADS, params);
    }

    public void binary(BinaryOp op, NdArray a, NdArray b, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Layout layout = Layout.of(y.shape(), a, b, y);
        Params params = layout.into(Params.start().pointer(a).pointer(b).pointer(y)).code(op);
        cuda.launch(binary.of(a, b, y), layout.groups(), THREADS, params);
    }

    public void where(NdArray condition, NdArray a, NdArray b, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Layout layout = Layout.of(y.shape(), condition, a, b, y);
        Params params = layout.into(Params.start().pointer(condition).pointer(a).pointer(b).pointer(y));
        cuda.launch(where, layout.groups(), THREADS, params);
    }
}
