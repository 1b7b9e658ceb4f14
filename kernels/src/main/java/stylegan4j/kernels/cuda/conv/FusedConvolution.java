package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;

/**
 * Convolutions with everything StyleGAN2 puts around them. Styles multiply while inputs are loaded; demodulation,
 * noise, bias and activation are applied before results leave the registers, or, where sums are cut into parts or
 * filtered, in the pass that adds or filters them.
 */
final class FusedConvolution {
    private final CudaContext cuda;
    private final PatchConvolution convolution;
    private final FilteredUp filteredUp;
    private final Finish finish;

    FusedConvolution(CudaContext cuda, PatchConvolution convolution, FilteredUp filteredUp, Finish finish) {
        this.cuda = cuda;
        this.convolution = convolution;
        this.filteredUp = filteredUp;
        this.finish = finish;
    }

    /** See {@link stylegan4j.kernels.Backend#fusedConv2d}. */
    void run(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        switch (spec.resample()) {
            case NONE -> convolve(x, weight, ConvGeometry.of(1, weight.size(2) / 2), spec, y);
            case UP -> up(x, weight, spec, y);
            case DOWN -> down(x, weight, spec, y);
        }
    }

    private void convolve(NdArray x, NdArray weight, ConvGeometry g, FusedConv spec, NdArray y) {
        TapPlan taps = TapPlan.forward(g, weight.size(2), weight.size(3));
        PatchPlan plan = plan(x, weight, taps, y.size(2), y.size(3), y.type());
        convolution.run(plan, spec.scales().input(), spec.scales().output(), spec.epilogue(), y);
    }

    private void up(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        if (weight.size(2) != 3 || weight.size(3) != 3) {
            throw new IllegalArgumentException("fusedConv2d: up-sampling expects a kernel of 3, got "
                    + weight.size(2));
        }
        Precision precision = cuda.precision(x.type(), y.type());
        if (filteredUp.pays(precision, x, weight, spec.fir())) {
            filteredUp.run(precision, x, weight, spec, y);
            return;
        }
        TapPlan taps = TapPlan.adjoint(ConvGeometry.of(2, 0), 3, 3);
        PatchPlan plan = plan(x, weight, taps, 2 * x.size(2) + 1, 2 * x.size(3) + 1,
                y.type());
        // Half a wide picture's traffic, where the result is rounded anyway; demodulated sums are small enough for it.
        boolean half = plan.splits() == 1 && y.type() != DType.F32;
        DType type = half ? y.type() : DType.F32;
        NdArray demodulation = spec.scales().output();
        try (var wide = cuda.scratch(plan.splits() * plan.elements() * type.bytes())) {
            Finish.Sums sums = convolution.sums(plan, spec.scales().input(), half ? demodulation : null,
                    wide.pointer(), type);
            Fir fir = spec.fir();
            finish.filter(sums, fir, (fir.height() + 1) / 2 - 1, (fir.width() + 1) / 2 - 1,
                    half ? null : demodulation, spec.epilogue(), y);
        }
    }

    private void down(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        int k = weight.size(2);
        Fir fir = spec.fir();
        int[] shape = {x.size(0), x.size(1), 2 * (y.size(2) - 1) + k, 2 * (y.size(3) - 1) + k};
        try (var memory = cuda.scratch(NdArray.numel(shape) * x.type().bytes())) {
            NdArray filtered = memory.array(x.type(), shape);
            var picture = new Finish.Sums(CudaBuffer.address(x), x.type(), 1, x.size(0), x.size(1), x.size(2),
                    x.size(3));
            finish.filter(picture, fir, k / 2 + (fir.height() - 1) / 2, k / 2 + (fir.width() - 1) / 2, null,
                    Epilogue.NONE, filtered);
            convolve(filtered, weight, ConvGeometry.of(2, 0), spec, y);
        }
    }

    private PatchPlan plan(NdArray x, NdArray weight, TapPlan taps, int height, int width, DType result) {
        PatchPlan plan = PatchPlan.of(cuda.precision(x.type(), result), x, Weight.of(weight), taps, height, width,
                cuda.gpu().properties().sharedPerBlock());
        if (plan == null) {
            throw new IllegalArgumentException("fusedConv2d: no room on the device for one sample of x=" + x);
        }
        return plan;
    }
}
