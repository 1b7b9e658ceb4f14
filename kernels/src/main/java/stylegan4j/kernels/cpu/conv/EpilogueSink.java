package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.PixelSink;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.gemm.GemmKernel;
import stylegan4j.kernels.cpu.map.BiasActivation;

/** Applies demodulation, noise, bias, activation, gain and clamp to results while they are in cache. */
final class EpilogueSink implements PixelSink {
    private static final EpilogueKernel KERNEL = EpilogueKernel.BEST;
    private static final ThreadLocal<float[]> ROW = ThreadLocal.withInitial(() -> new float[0]);

    private final float[] scales;
    private final float[] biases;
    private final Epilogue epilogue;
    private final NdArray y;
    private final MemorySegment out;
    private final float strength;
    private final boolean piecewiseLinear;
    private final float slope;
    private final float gain;
    private final float clamp;

    /** @param scales [N, O], or null */
    EpilogueSink(NdArray scales, Epilogue epilogue, NdArray y) {
        this.scales = Scales.read(scales, y.size(0) * y.size(1));
        this.biases = epilogue.bias() == null ? new float[y.size(1)]
                : Scales.read(epilogue.bias(), y.size(1));
        this.epilogue = epilogue;
        this.y = y;
        this.out = CpuBuffer.segmentOf(y);
        this.strength = epilogue.noise() == null ? 0 : CpuBuffer.segmentOf(epilogue.noiseStrength())
                .getAtIndex(ValueLayout.JAVA_FLOAT, epilogue.noiseStrength().offset());
        BiasAct act = epilogue.act();
        Activation f = act.activation();
        this.piecewiseLinear = f == Activation.LINEAR || f == Activation.RELU || f == Activation.LRELU;
        this.slope = f == Activation.RELU ? 0 : f == Activation.LRELU ? act.alpha() : 1;
        this.gain = piecewiseLinear ? act.gain() : 1;
        this.clamp = piecewiseLinear && act.clamps() ? act.clamp() : Float.POSITIVE_INFINITY;
    }

    @Override
    public void store(int sample, int channel, int pixel, int count, float[] values, int at) {
        int index = sample * y.size(1) + channel;
        long plane = (long) y.size(2) * y.size(3);
        float scale = scales[index];
        NdArray noise = epilogue.noise();
        if (noise != null) {
            long from = noise.offset() + (noise.size(0) == 1 ? 0 : sample * plane) + pixel;
            KERNEL.addNoise(values, at, scale, CpuBuffer.segmentOf(noise), from * Float.BYTES, strength, count);
            scale = 1;
        }
        long to = y.offset() + index * plane + pixel;
        KERNEL.activate(values, at, scale, biases[channel], slope, gain, clamp, out, to * Float.BYTES, count);
    }

    /** Finishes a row that lies in y already. */
    void row(int plane, int row) {
        int width = y.size(3);
        float[] values = ROW.get();
        if (values.length < width) {
            values = new float[width];
            ROW.set(values);
        }
        long from = y.offset() + ((long) plane * y.size(2) + row) * width;
        GemmKernel.BEST.scaledCopy(out, from * Float.BYTES, 1, values, 0, width);
        store(plane / y.size(1), plane % y.size(1), row * width, width, values, 0);
    }

    /** The curved activations, which need a pass of their own; to be called once, when all rows are stored. */
    void finish(Threads threads) {
        if (!piecewiseLinear) {
            BiasActivation.forward(threads, y, null, epilogue.act(), y);
        }
    }
}
