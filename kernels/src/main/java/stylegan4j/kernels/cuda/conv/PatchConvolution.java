package stylegan4j.kernels.cuda.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Convolutions whose taps share patches of the picture in shared memory: conv.cu and what goes with it. */
final class PatchConvolution {
    private record Variant(Precision precision, DType x, DType y, Activation activation, TileShape tile, int pieces) {
    }

    private final CudaContext cuda;
    private final Packing packing;
    private final Finish finish;
    private final Map<Variant, Kernel> kernels = new ConcurrentHashMap<>();

    PatchConvolution(CudaContext cuda, Packing packing, Finish finish) {
        this.cuda = cuda;
        this.packing = packing;
        this.finish = finish;
    }

    /**
     * The convolution with its epilogue.
     *
     * @param styles [N, C] factors of x, or null
     * @param demodulation [N, O] factors of the result, or null
     */
    void run(PatchPlan plan, NdArray styles, NdArray demodulation, Epilogue epilogue, NdArray y) {
        if (plan.splits() == 1) {
            launch(plan, styles, demodulation, epilogue, CudaBuffer.address(y), y.type());
            return;
        }
        try (var memory = cuda.scratch(plan.splits() * plan.elements() * Float.BYTES)) {
            finish.add(sums(plan, styles, null, memory.pointer(), DType.F32), demodulation, epilogue, y);
        }
    }

    /**
     * The convolution's sums, to be finished.
     *
     * @param demodulation factors of the sums, or null
     * @param to room for {@code splits} results
     * @param type of the sums
     */
    Finish.Sums sums(PatchPlan plan, NdArray styles, NdArray demodulation, long to, DType type) {
        launch(plan, styles, demodulation, Epilogue.NONE, to, type);
        return new Finish.Sums(to, type, plan.splits(), plan.x().size(0), plan.weight().rows(), plan.height(),
                plan.width());
    }

    private void launch(PatchPlan plan, NdArray styles, NdArray demodulation, Epilogue epilogue, long y, DType type) {
        if (plan.elements() == 0) {
            return;
        }
        var variant = new Variant(plan.precision(), plan.x().type(), type, epilogue.act().activation(), plan.tile(),
                plan.pieces());
        Kernel kernel = kernels.computeIfAbsent(variant, this::kernel);
        try (var packed = packing.pack(plan.precision(), plan.weight(), plan.taps().element())) {
            Params params = Params.start().pointer(plan.x()).pointer(packed.pointer()).pointer(styles).pointer(y);
            Finish.epilogue(params, demodulation, epilogue, plan.weight().rows(), plan.height() * plan.width());
            cuda.launch(kernel, LaunchSize.of(plan.tiles(), plan.rowBlocks(), plan.taps().phases() * plan.splits(),
                    plan.tile().threads()).withShared(Math.toIntExact(plan.shared())),
                    plan.into(params, y % (2L * type.bytes()) == 0));
        }
    }

    private Kernel kernel(Variant v) {
        List<String> options = new ArrayList<>(List.of(Options.precision(v.precision),
                TypedKernel.option("X_TYPE", v.x), TypedKernel.option("Y_TYPE", v.y),
                Options.activation(v.activation)));
        options.addAll(tile(v.tile, v.pieces));
        return cuda.kernel("conv.cu", "conv", options.toArray(String[]::new));
    }

    /** How a block's tile is told to the kernel. */
    static List<String> tile(TileShape tile, int pieces) {
        return List.of(Options.number("WARPS_M", tile.warpsM()), Options.number("WARPS_N", tile.warpsN()),
                Options.number("TILES_M", tile.tilesM()), Options.number("TILES_N", tile.tilesN()),
                Options.number("STAGES", PatchPlan.STAGES), Options.number("PIECES", pieces));
    }
}
