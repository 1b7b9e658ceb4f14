package stylegan4j.kernels.cuda.conv;

import java.util.ArrayDeque;
import java.util.Deque;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;

/**
 * Convolutions by the vendor's library, where there is one that takes the problem. Channel scales are applied to
 * copies of the operands and to the result.
 */
final class VendorConvolution {
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final TypedKernel scale;

    VendorConvolution(CudaContext cuda) {
        this.cuda = cuda;
        this.scale = new TypedKernel(cuda, "channel_scale.cu", "channel_scale", "X_TYPE");
    }

    /** Whether the convolution was done. */
    boolean forward(NdArray x, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray y) {
        ConvolutionProblem problem = problem(x, weight, g, cuda.precision());
        if (isHalf(x, y) || !supports(problem)) {
            return false;
        }
        try (var memory = new Memory()) {
            cuda.convolutions().forward(problem, memory.scaled(x, scales.input()), CudaBuffer.address(weight),
                    CudaBuffer.address(y), memory::take, cuda.stream());
            scale(y, scales.output(), CudaBuffer.address(y));
            return true;
        }
    }

    /** Whether the adjoint was done. */
    boolean inputGradient(NdArray dy, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray dx) {
        ConvolutionProblem problem = problem(dx, weight, g, cuda.precision());
        if (isHalf(dx, dy) || !supports(problem)) {
            return false;
        }
        try (var memory = new Memory()) {
            cuda.convolutions().inputGradient(problem, memory.scaled(dy, scales.output()),
                    CudaBuffer.address(weight), CudaBuffer.address(dx), memory::take, cuda.stream());
            scale(dx, scales.input(), CudaBuffer.address(dx));
            return true;
        }
    }

    /** Whether the weight's gradient was done. Half types are widened on the way; TF32 has their fractions' bits. */
    boolean weightGradient(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        ConvolutionProblem problem = problem(x, dw, g, isHalf(x, dy) ? Precision.TF32 : cuda.precision());
        if (!supports(problem)) {
            return false;
        }
        try (var memory = new Memory()) {
            cuda.convolutions().weightGradient(problem, memory.scaled(x, scales.input()),
                    memory.scaled(dy, scales.output()), CudaBuffer.address(dw), memory::take, cuda.stream());
            return true;
        }
    }

    private ConvolutionProblem problem(NdArray x, NdArray weight, ConvGeometry g, Precision precision) {
        return new ConvolutionProblem(x.size(0), x.size(1), x.size(2), x.size(3), weight.size(0), weight.size(2),
                weight.size(3), g, DType.F32, precision);
    }

    private static boolean isHalf(NdArray x, NdArray y) {
        return x.type() != DType.F32 || y.type() != DType.F32;
    }

    private boolean supports(ConvolutionProblem problem) {
        return cuda.convolutions() != null && problem.n() > 0 && problem.c() > 0
                && cuda.convolutions().supports(problem);
    }

    /** {@code y = x·scales} in F32, channel by channel; scales [N, C], or null for ones. */
    private void scale(NdArray x, NdArray scales, long y) {
        if (scales != null || x.type() != DType.F32) {
            cuda.launch(scale.of(x), x.numel(), THREADS, Params.start().pointer(x).pointer(scales).pointer(y)
                    .integer64(x.numel()).integer64((long) x.size(2) * x.size(3)));
        }
    }

    /** Scratch memory of one call. */
    private final class Memory implements AutoCloseable {
        private final Deque<CudaContext.Scratch> taken = new ArrayDeque<>();

        long take(long bytes) {
            taken.push(cuda.scratch(bytes));
            return taken.peek().pointer();
        }

        long scaled(NdArray x, NdArray scales) {
            if (scales == null && x.type() == DType.F32) {
                return CudaBuffer.address(x);
            }
            long copy = take(x.numel() * Float.BYTES);
            scale(x, scales, copy);
            return copy;
        }

        @Override
        public void close() {
            taken.forEach(CudaContext.Scratch::close);
        }
    }
}
