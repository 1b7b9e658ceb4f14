package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.Backend;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ToRgb;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/**
 * Matrix products and convolutions. A vendor's library does plain ones where there is a library; our own kernels do
 * those with channel scales on the way, and everything where there is none.
 */
public final class Convolutions {
    private static final int WARP = 32;
    private static final int DEMODULATION_THREADS = 128;

    private final CudaContext cuda;
    private final Kernel demodulation;
    private final GatheredProduct gathered;
    private final PatchConvolution patches;
    private final PatchWeightGradient weightGradients;
    private final FusedConvolution fused;
    private final ToRgbLayer toRgb;
    private final VendorProduct vendorProduct;
    private final VendorConvolution vendorConvolution;

    public Convolutions(CudaContext cuda) {
        this.cuda = cuda;
        this.demodulation = cuda.kernel("demodulation.cu", "demodulation");
        Finish finish = new Finish(cuda);
        this.gathered = new GatheredProduct(cuda, finish);
        Packing packing = new Packing(cuda);
        this.patches = new PatchConvolution(cuda, packing, finish);
        this.weightGradients = new PatchWeightGradient(cuda, finish);
        this.fused = new FusedConvolution(cuda, patches, new FilteredUp(cuda, packing), finish);
        this.toRgb = new ToRgbLayer(cuda);
        this.vendorProduct = new VendorProduct(cuda);
        this.vendorConvolution = new VendorConvolution(cuda);
    }

    /** See {@link Backend#matmul}. */
    public void matmul(NdArray a, NdArray b, NdArray y) {
        if (y.numel() > 0 && !vendorProduct.run(a, b, y)) {
            gathered.matmul(a, b, y);
        }
    }

    /** See {@link Backend#conv2d}. */
    public void forward(NdArray x, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray y) {
        if (y.numel() == 0 || isPlain(scales) && vendorConvolution.forward(x, weight, g, scales, y)) {
            return;
        }
        PatchPlan plan = patchable(g) ? plan(x, Weight.of(weight),
                TapPlan.forward(g, weight.size(2), weight.size(3)), y) : null;
        if (plan != null) {
            patches.run(plan, scales.input(), scales.output(), Epilogue.NONE, y);
        } else if (!vendorConvolution.forward(x, weight, g, scales, y)) {
            gathered.forward(x, weight, g, scales, y);
        }
    }

    /** See {@link Backend#conv2dInputGradient}. */
    public void inputGradient(NdArray dy, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray dx) {
        if (dx.numel() == 0 || isPlain(scales) && vendorConvolution.inputGradient(dy, weight, g, scales, dx)) {
            return;
        }
        PatchPlan plan = patchable(g) ? plan(dy, Weight.of(weight).transposed(),
                TapPlan.adjoint(g, weight.size(2), weight.size(3)), dx) : null;
        if (plan != null) {
            patches.run(plan, scales.output(), scales.input(), Epilogue.NONE, dx);
        } else if (!vendorConvolution.inputGradient(dy, weight, g, scales, dx)) {
            gathered.inputGradient(dy, weight, g, scales, dx);
        }
    }

    /** See {@link Backend#conv2dWeightGradient}. */
    public void weightGradient(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        if (dw.numel() == 0) {
            return;
        }
        // Our own saves the copies that scale and widen what the library reads.
        boolean ownFirst = !isPlain(scales) || x.type() != DType.F32 || dy.type() != DType.F32;
        boolean done = ownFirst && weightGradients.run(x, dy, g, scales, dw)
                || vendorConvolution.weightGradient(x, dy, g, scales, dw)
                || !ownFirst && weightGradients.run(x, dy, g, scales, dw);
        if (!done) {
            gathered.weightGradient(x, dy, g, scales, dw);
        }
    }

    /** See {@link Backend#demodulation}. */
    public void demodulation(NdArray energy, NdArray styles, float epsilon, NdArray y) {
        cuda.launch(demodulation, y.numel() * WARP, DEMODULATION_THREADS, Params.start().pointer(energy)
                .pointer(styles).pointer(y).integer(y.size(0)).integer(y.size(1)).integer(styles.size(1))
                .real(epsilon));
    }

    /** See {@link Backend#fusedConv2d}. */
    public void fused(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        fused.run(x, weight, spec, y);
    }

    /** See {@link Backend#toRgb}; whether there is a kernel for so many channels and taps, and it was done. */
    public boolean toRgb(NdArray x, NdArray weight, ToRgb spec, NdArray y) {
        return toRgb.run(x, weight, spec, y);
    }

    private static boolean patchable(ConvGeometry g) {
        return g.groups() == 1 && g.strideY() == g.strideX() && g.strideY() <= 2;
    }

    private static boolean isPlain(ChannelScales scales) {
        return scales.input() == null && scales.output() == null;
    }

    private PatchPlan plan(NdArray x, Weight weight, TapPlan taps, NdArray y) {
        return PatchPlan.of(cuda.precision(x.type(), y.type()), x, weight, taps, y.size(2), y.size(3),
                cuda.gpu().properties().sharedPerBlock());
    }
}
