package stylegan4j.kernels.cuda.jcuda;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;
import stylegan4j.kernels.cuda.driver.GpuException;

/**
 * A convolution as cuDNN describes it, in one direction, with the algorithm chosen for it: the first that cuDNN
 * recommends, is deterministic and asks for bounded memory. cuDNN's recommendation is a function of the problem and the
 * GPU, so that results do not depend on how long something happened to take.
 */
final class CudnnPlan implements AutoCloseable {
    /** What is computed; each is linear in the two it takes. */
    enum Direction { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT }

    private static final Logger LOG = Logger.getLogger(CudnnPlan.class.getName());
    private static final long MOST_WORKSPACE = 1L << 30;

    /** What the three kinds of recommendation have in common. */
    private record Choice(int algorithm, int status, int determinism, int mathType, long workspace) {
    }

    final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    final cudnnFilterDescriptor weight = new cudnnFilterDescriptor();
    final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();

    private final Status status;
    private final Choice choice;

    CudnnPlan(cudnnHandle handle, Status status, Direction direction, ConvolutionProblem p) {
        this.status = status;
        ConvGeometry g = p.geometry();
        int type = Elements.cudnn(p.type());
        status.cudnn("cudnnCreateTensorDescriptor", JCudnn.cudnnCreateTensorDescriptor(x));
        status.cudnn("cudnnCreateTensorDescriptor", JCudnn.cudnnCreateTensorDescriptor(y));
        status.cudnn("cudnnCreateFilterDescriptor", JCudnn.cudnnCreateFilterDescriptor(weight));
        status.cudnn("cudnnCreateConvolutionDescriptor", JCudnn.cudnnCreateConvolutionDescriptor(convolution));
        status.cudnn("cudnnSetTensor4dDescriptor", JCudnn.cudnnSetTensor4dDescriptor(x,
                cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, p.n(), p.c(), p.h(), p.w()));
        status.cudnn("cudnnSetTensor4dDescriptor", JCudnn.cudnnSetTensor4dDescriptor(y,
                cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, p.n(), p.o(), g.outHeight(p.h(), p.kh()),
                g.outWidth(p.w(), p.kw())));
        status.cudnn("cudnnSetFilter4dDescriptor", JCudnn.cudnnSetFilter4dDescriptor(weight, type,
                cudnnTensorFormat.CUDNN_TENSOR_NCHW, p.o(), p.c() / g.groups(), p.kh(), p.kw()));
        status.cudnn("cudnnSetConvolution2dDescriptor", JCudnn.cudnnSetConvolution2dDescriptor(convolution, g.padY(),
                g.padX(), g.strideY(), g.strideX(), g.dilationY(), g.dilationX(),
                cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, cudnnDataType.CUDNN_DATA_FLOAT));
        status.cudnn("cudnnSetConvolutionGroupCount",
                JCudnn.cudnnSetConvolutionGroupCount(convolution, g.groups()));
        setMathType(wantedMath(p));
        choice = choose(recommendations(handle, direction, p), wantedMath(p));
        // JCudnn tells the math type of weight gradients only; elsewhere it stays zero, the default.
        if (choice != null && wantedMath(p) == cudnnMathType.CUDNN_DEFAULT_MATH) {
            setMathType(choice.mathType());
        }
    }

    /** Whether cuDNN has an algorithm. */
    boolean exists() {
        return choice != null;
    }

    int algorithm() {
        return choice.algorithm();
    }

    /** Bytes of scratch memory. */
    long workspace() {
        return choice.workspace();
    }

    /** Exact products only where they are asked for; tensor cores, TF32 for binary32, otherwise. */
    private static int wantedMath(ConvolutionProblem p) {
        if (p.type() != DType.F32) {
            return cudnnMathType.CUDNN_TENSOR_OP_MATH;
        }
        return p.precision() == Precision.F32 ? cudnnMathType.CUDNN_FMA_MATH : cudnnMathType.CUDNN_DEFAULT_MATH;
    }

    private void setMathType(int mathType) {
        status.cudnn("cudnnSetConvolutionMathType", JCudnn.cudnnSetConvolutionMathType(convolution, mathType));
    }

    private static Choice choose(Choice[] recommended, int wantedMath) {
        for (Choice each : recommended) {
            boolean tensorCores = each.mathType() == cudnnMathType.CUDNN_TENSOR_OP_MATH
                    || each.mathType() == cudnnMathType.CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
            boolean fineEnough = wantedMath != cudnnMathType.CUDNN_FMA_MATH || !tensorCores;
            if (each.status() == 0 && each.determinism() == cudnnDeterminism.CUDNN_DETERMINISTIC && fineEnough
                    && each.workspace() <= MOST_WORKSPACE) {
                return each;
            }
        }
        return null;
    }

    /** cuDNN's recommendations, best first; none where it refuses the problem, which other kernels then do. */
    private Choice[] recommendations(cudnnHandle handle, Direction direction, ConvolutionProblem p) {
        try {
            return ask(handle, direction, p);
        } catch (GpuException | ArrayIndexOutOfBoundsException refusal) {
            // The second: JCudnn also reads the count that cuDNN has not set then.
            LOG.log(Level.FINE, "cuDNN refuses " + direction + " of " + p, refusal);
            return new Choice[0];
        }
    }

    private Choice[] ask(cudnnHandle handle, Direction direction, ConvolutionProblem p) {
        int[] count = {0};
        String call = "cuDNN's recommendation for " + direction + " of " + p;
        switch (direction) {
            case FORWARD -> {
                var found = new cudnnConvolutionFwdAlgoPerf[most(handle, direction)];
                fill(found, cudnnConvolutionFwdAlgoPerf::new);
                status.cudnn(call, JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(handle, x, weight, convolution, y,
                        found.length, count, found));
                return Arrays.stream(found, 0, count[0]).map(f -> new Choice(f.algo, f.status,
                        f.determinism, f.mathType, f.memory)).toArray(Choice[]::new);
            }
            case INPUT_GRADIENT -> {
                var found = new cudnnConvolutionBwdDataAlgoPerf[most(handle, direction)];
                fill(found, cudnnConvolutionBwdDataAlgoPerf::new);
                status.cudnn(call, JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, weight, y, convolution, x,
                        found.length, count, found));
                return Arrays.stream(found, 0, count[0]).map(f -> new Choice(f.algo, f.status,
                        f.determinism, f.mathType, f.memory)).toArray(Choice[]::new);
            }
            default -> {
                var found = new cudnnConvolutionBwdFilterAlgoPerf[most(handle, direction)];
                fill(found, cudnnConvolutionBwdFilterAlgoPerf::new);
                status.cudnn(call, JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, x, y, convolution,
                        weight, found.length, count, found));
                return Arrays.stream(found, 0, count[0]).map(f -> new Choice(f.algo, f.status,
                        f.determinism, f.mathType, f.memory)).toArray(Choice[]::new);
            }
        }
    }

    private int most(cudnnHandle handle, Direction direction) {
        int[] count = {0};
        status.cudnn("cuDNN's count of algorithms", switch (direction) {
            case FORWARD -> JCudnn.cudnnGetConvolutionForwardAlgorithmMaxCount(handle, count);
            case INPUT_GRADIENT -> JCudnn.cudnnGetConvolutionBackwardDataAlgorithmMaxCount(handle, count);
            case WEIGHT_GRADIENT -> JCudnn.cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(handle, count);
        });
        return count[0];
    }

    private static <T> void fill(T[] array, Supplier<T> element) {
        Arrays.setAll(array, _ -> element.get());
    }

    @Override
    public void close() {
        JCudnn.cudnnDestroyTensorDescriptor(x);
        JCudnn.cudnnDestroyTensorDescriptor(y);
        JCudnn.cudnnDestroyFilterDescriptor(weight);
        JCudnn.cudnnDestroyConvolutionDescriptor(convolution);
    }
}
