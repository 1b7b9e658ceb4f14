package stylegan4j.kernels.cuda.jcuda;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.cuda.driver.ConvolutionLibrary;
import stylegan4j.kernels.cuda.driver.ConvolutionProblem;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.Workspace;
import stylegan4j.kernels.cuda.jcuda.CudnnPlan.Direction;

/** Convolutions by cuDNN, through the calls that versions 8 and 9 share. Calls are serialised, as a handle demands. */
final class JcudaConvolutions implements ConvolutionLibrary {
    private static final Set<DType> TYPES = EnumSet.of(DType.F32, DType.F16, DType.BF16);
    private static final Pointer ONE = Address.of(1);
    private static final Pointer ZERO = Address.of(0);

    private record Key(Direction direction, ConvolutionProblem problem) {
    }

    private final JcudaGpu gpu;
    private final String version;
    private final cudnnHandle handle = new cudnnHandle();
    private final Map<Key, CudnnPlan> plans = new HashMap<>();
    private boolean closed;

    JcudaConvolutions(JcudaGpu gpu, String version) {
        this.gpu = gpu;
        this.version = "cuDNN " + version;
        gpu.makeCurrent();
        gpu.status().cudnn("cudnnCreate", JCudnn.cudnnCreate(handle));
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public synchronized boolean supports(ConvolutionProblem problem) {
        long elements = elements(problem);
        if (!TYPES.contains(problem.type()) || elements == 0 || elements > Integer.MAX_VALUE) {
            return false;
        }
        gpu.makeCurrent();
        for (Direction direction : Direction.values()) {
            if (!plan(direction, problem).exists()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public synchronized void forward(ConvolutionProblem problem, long x, long weight, long y, Workspace workspace,
                                     GpuStream stream) {
        CudnnPlan plan = begin(Direction.FORWARD, problem, stream);
        gpu.status().cudnn("cudnnConvolutionForward(" + problem + ")", JCudnn.cudnnConvolutionForward(handle, ONE,
                plan.x, new Address(x), plan.weight, new Address(weight), plan.convolution, plan.algorithm(),
                scratch(plan, workspace), plan.workspace(), ZERO, plan.y, new Address(y)));
    }

    @Override
    public synchronized void inputGradient(ConvolutionProblem problem, long dy, long weight, long dx,
                                           Workspace workspace, GpuStream stream) {
        CudnnPlan plan = begin(Direction.INPUT_GRADIENT, problem, stream);
        gpu.status().cudnn("cudnnConvolutionBackwardData(" + problem + ")", JCudnn.cudnnConvolutionBackwardData(handle,
                ONE, plan.weight, new Address(weight), plan.y, new Address(dy), plan.convolution, plan.algorithm(),
                scratch(plan, workspace), plan.workspace(), ZERO, plan.x, new Address(dx)));
    }

    @Override
    public synchronized void weightGradient(ConvolutionProblem problem, long x, long dy, long dw, Workspace workspace,
                                            GpuStream stream) {
        CudnnPlan plan = begin(Direction.WEIGHT_GRADIENT, problem, stream);
        gpu.status().cudnn("cudnnConvolutionBackwardFilter(" + problem + ")",
                JCudnn.cudnnConvolutionBackwardFilter(handle, ONE, plan.x, new Address(x), plan.y, new Address(dy),
                        plan.convolution, plan.algorithm(), scratch(plan, workspace), plan.workspace(), ZERO,
                        plan.weight, new Address(dw)));
    }

    private CudnnPlan begin(Direction direction, ConvolutionProblem problem, GpuStream stream) {
        gpu.makeCurrent();
        gpu.status().cudnn("cudnnSetStream", JCudnn.cudnnSetStream(handle, ((JcudaStream) stream).runtimeHandle()));
        CudnnPlan plan = plan(direction, problem);
        if (!plan.exists()) {
            throw new IllegalArgumentException(version + " has no deterministic algorithm for " + direction + " of "
                    + problem);
        }
        return plan;
    }

    private CudnnPlan plan(Direction direction, ConvolutionProblem problem) {
        return plans.computeIfAbsent(new Key(direction, problem),
                key -> new CudnnPlan(handle, gpu.status(), key.direction(), key.problem()));
    }

    private static Pointer scratch(CudnnPlan plan, Workspace workspace) {
        return plan.workspace() == 0 ? null : new Address(workspace.take(plan.workspace()));
    }

    /** Elements of the larger of input and output; none where either has none, which cuDNN cannot describe. */
    private static long elements(ConvolutionProblem p) {
        long input = (long) p.c() * p.h() * p.w();
        long output = (long) p.o() * p.geometry().outHeight(p.h(), p.kh()) * p.geometry().outWidth(p.w(), p.kw());
        return input == 0 || output == 0 ? 0 : p.n() * Math.max(input, output);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            gpu.makeCurrent();
            plans.values().forEach(CudnnPlan::close);
            gpu.status().cudnn("cudnnDestroy", JCudnn.cudnnDestroy(handle));
        }
    }
}
