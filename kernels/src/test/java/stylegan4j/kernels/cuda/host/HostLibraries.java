package stylegan4j.kernels.cuda.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.cuda.driver.ConvolutionLibrary;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.MatrixLibrary;
import stylegan4j.kernels.cuda.driver.MatrixProduct;
import stylegan4j.kernels.cuda.driver.Workspace;

/** A vendor's libraries as plain loops over the memory of a {@link HostGpu}, which count their calls. */
public final class HostLibraries implements MatrixLibrary, ConvolutionLibrary {
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private int calls;

    /** A GPU played by the host, with these libraries. */
    public GpuPlatform platform() {
        return new GpuPlatform(new HostGpu(8L << 30), new HostCompiler(), this, this);
    }

    /** Products and convolutions done since the last time this was asked. */
    public int calls() {
        int count = calls;
        calls = 0;
        return count;
    }

    @Override
    public String version() {
        return "plain loops";
    }

    @Override
    public void multiply(MatrixProduct p, GpuStream stream) {
        calls++;
        for (int batch = 0; batch < p.batch(); batch++) {
            for (int i = 0; i < p.m(); i++) {
                for (int j = 0; j < p.n(); j++) {
                    double sum = 0;
                    for (int l = 0; l < p.k(); l++) {
                        sum += (double) get(at(p.a(), batch, i, l)) * get(at(p.b(), batch, l, j));
                    }
                    set(at(p.y(), batch, i, j), sum);
                }
            }
        }
    }

    private static long at(MatrixProduct.Operand operand, int batch, int row, int column) {
        long element = operand.transposed() ? row + column * operand.stride() : column + row * operand.stride();
        return operand.pointer() + Float.BYTES * (batch * operand.batchStride() + element);
    }

    @Override
    public boolean supports(ConvolutionProblem problem) {
        return true;
    }

    @Override
    public void forward(ConvolutionProblem p, long x, long weight, long y, Workspace workspace, GpuStream stream) {
        clear(y, (long) p.n() * p.o() * height(p) * width(p));
        eachProduct(p, workspace, (xi, wi, yi) -> add(y, yi, get(x + 4 * xi) * get(weight + 4 * wi)));
    }

    @Override
    public void inputGradient(ConvolutionProblem p, long dy, long weight, long dx, Workspace workspace,
                              GpuStream stream) {
        clear(dx, (long) p.n() * p.c() * p.h() * p.w());
        eachProduct(p, workspace, (xi, wi, yi) -> add(dx, xi, get(dy + 4 * yi) * get(weight + 4 * wi)));
    }

    @Override
    public void weightGradient(ConvolutionProblem p, long x, long dy, long dw, Workspace workspace,
                               GpuStream stream) {
        clear(dw, (long) p.o() * p.c() / p.geometry().groups() * p.kh() * p.kw());
        eachProduct(p, workspace, (xi, wi, yi) -> add(dw, wi, get(x + 4 * xi) * get(dy + 4 * yi)));
    }

    /** One multiplication of the convolution: the elements that take part. */
    private interface Product {
        void of(long x, long weight, long y);
    }

    private void eachProduct(ConvolutionProblem p, Workspace workspace, Product product) {
        calls++;
        clear(workspace.take(4096), 1024);
        ConvGeometry g = p.geometry();
        int depth = p.c() / g.groups();
        int rows = p.o() / g.groups();
        for (int n = 0; n < p.n(); n++) {
            for (int o = 0; o < p.o(); o++) {
                for (int c = 0; c < depth; c++) {
                    long plane = (long) n * p.c() + o / rows * depth + c;
                    for (int tap = 0; tap < p.kh() * p.kw(); tap++) {
                        long weight = ((long) o * depth + c) * p.kh() * p.kw() + tap;
                        for (int pixel = 0; pixel < height(p) * width(p); pixel++) {
                            int y = pixel / width(p) * g.strideY() - g.padY() + tap / p.kw() * g.dilationY();
                            int x = pixel % width(p) * g.strideX() - g.padX() + tap % p.kw() * g.dilationX();
                            if (y >= 0 && y < p.h() && x >= 0 && x < p.w()) {
                                product.of((plane * p.h() + y) * p.w() + x, weight,
                                        ((long) n * p.o() + o) * height(p) * width(p) + pixel);
                            }
                        }
                    }
                }
            }
        }
    }

    private static int height(ConvolutionProblem p) {
        return p.geometry().outHeight(p.h(), p.kh());
    }

    private static int width(ConvolutionProblem p) {
        return p.geometry().outWidth(p.w(), p.kw());
    }

    private static void clear(long to, long elements) {
        MEMORY.asSlice(to, elements * Float.BYTES).fill((byte) 0);
    }

    private static void add(long to, long element, float value) {
        set(to + Float.BYTES * element, get(to + Float.BYTES * element) + value);
    }

    private static float get(long address) {
        return MEMORY.get(ValueLayout.JAVA_FLOAT, address);
    }

    private static void set(long address, double value) {
        MEMORY.set(ValueLayout.JAVA_FLOAT, address, (float) value);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
