package stylegan4j.kernels.cuda.conv;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Gradients of convolutions' weights whose taps share patches of the picture in shared memory: conv_weight.cu. */
final class PatchWeightGradient {
    private record Variant(Precision precision, DType type, WeightGradientPlan.Shape shape, int pieces) {
    }

    private final CudaContext cuda;
    private final Finish finish;
    private final Map<Variant, Kernel> kernels = new ConcurrentHashMap<>();

    PatchWeightGradient(CudaContext cuda, Finish finish) {
        this.cuda = cuda;
        this.finish = finish;
    }

    /** Whether the weight's gradient was done: both pictures are of one type, and patches fit the device. */
    boolean run(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        if (x.type() != dy.type() || g.groups() != 1 || g.strideY() != g.strideX() || dy.size(2) == 0
                || dy.size(3) == 0) {
            return false;
        }
        WeightGradientPlan plan = WeightGradientPlan.of(cuda.precision(x.type(), dy.type()), x, dy,
                TapPlan.forward(g, dw.size(2), dw.size(3)), scales.input() != null || scales.output() != null,
                cuda.gpu().properties().sharedPerBlock());
        if (plan == null) {
            return false;
        }
        if (plan.splits() == 1) {
            launch(plan, scales, CudaBuffer.address(dw));
            return true;
        }
        try (var partial = cuda.scratch(plan.splits() * dw.numel() * Float.BYTES)) {
            launch(plan, scales, partial.pointer());
            finish.add(partial.pointer(), plan.splits(), dw);
        }
        return true;
    }

    private void launch(WeightGradientPlan plan, ChannelScales scales, long dw) {
        var variant = new Variant(plan.precision(), plan.x().type(), plan.shape(), plan.pieces());
        Kernel kernel = kernels.computeIfAbsent(variant, v -> cuda.kernel("conv_weight.cu", "conv_weight",
                options(v.precision, v.type, v.shape, v.pieces).toArray(String[]::new)));
        Params params = plan.into(Params.start().pointer(plan.dy()).pointer(plan.x()).pointer(scales.output())
                .pointer(scales.input()).pointer(dw));
        cuda.launch(kernel, LaunchSize.of(plan.columnBlocks(), plan.rowBlocks(), plan.depthBlocks(),
                plan.shape().threads()).withShared(plan.shared()), params);
    }

    static List<String> options(Precision precision, DType type, WeightGradientPlan.Shape shape, int pieces) {
        return List.of(Options.precision(precision), TypedKernel.option("X_TYPE", type),
                Options.number("WARPS_N", shape.warps()), Options.number("TILES_M", shape.tiles()),
                Options.number("TAPS", shape.taps()), Options.number("PIECES", pieces));
    }
}
