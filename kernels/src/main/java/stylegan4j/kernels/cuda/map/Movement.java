package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Layout;
import stylegan4j.kernels.cuda.Params;

/** Fill and copy, between any strides and element types. */
public final class Movement {
    private static final String FILE = "movement.cu";
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Kernel fill;
    private final Kernel move32;
    private final Kernel move16;
    private final Kernel convert;

    public Movement(CudaContext cuda) {
        this.cuda = cuda;
        this.fill = cuda.kernel(FILE, "fill");
        this.move32 = cuda.kernel(FILE, "move32");
        this.move16 = cuda.kernel(FILE, "move16");
        this.convert = cuda.kernel(FILE, "convert");
    }

    /** {@code y = value}, converted to y's type; y may be strided. */
    public void fill(NdArray y, float value) {
        if (y.numel() == 0) {
            return;
        }
        Layout layout = Layout.of(y.shape(), y);
        Params params = layout.into(Params.start().pointer(y)).real(value).code(y.type());
        cuda.launch(fill, layout.groups(), THREADS, params);
    }

    /** {@code y = x}; conversions go through F32, into I32 by truncation. */
    public void copy(NdArray x, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Layout layout = Layout.of(y.shape(), x, y);
        Params params = layout.into(Params.start().pointer(x).pointer(y)).code(x.type()).code(y.type());
        Kernel kernel = x.type() != y.type() ? convert : x.type().bytes() == 4 ? move32 : move16;
        cuda.launch(kernel, layout.groups(), THREADS, params);
    }
}
