package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/** {@code fusedConv2d} by plain loops, one output plane a task. */
public final class FusedConvolution {
    private final Threads threads;

    public FusedConvolution(Threads threads) {
        this.threads = threads;
    }

    /** See {@link stylegan4j.kernels.Backend#fusedConv2d}. */
    public void run(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        int outputs = y.size(0) * y.size(1);
        switch (spec.resample()) {
            case NONE -> threads.run(outputs, task -> plain(x, weight, spec, y, task));
            case UP -> threads.run(outputs, task -> up(x, weight, spec, y, task));
            case DOWN -> down(x, weight, spec, y);
        }
    }

    private static void plain(NdArray x, NdArray weight, FusedConv spec, NdArray y, int task) {
        int pad = (weight.size(2) - 1) / 2;
        float[] plane = new float[y.size(2) * y.size(3)];
        long size = (long) x.size(2) * x.size(3);
        MemorySegment xs = CpuBuffer.segmentOf(x);
        for (int c = 0; c < x.size(1); c++) {
            long from = x.offset() + ((long) (task / y.size(1)) * x.size(1) + c) * size;
            correlate(xs, from, x.size(2), x.size(3), kernelOf(weight, spec, task, c, y.size(1)), 1, pad, plane,
                    y.size(2), y.size(3));
        }
        store(plane, spec, y, task);
    }

    private static void up(NdArray x, NdArray weight, FusedConv spec, NdArray y, int task) {
        int height = 2 * x.size(2) + 1;
        int width = 2 * x.size(3) + 1;
        float[] plane = new float[height * width];
        MemorySegment xs = CpuBuffer.segmentOf(x);
        for (int c = 0; c < x.size(1); c++) {
            float[] kernel = kernelOf(weight, spec, task, c, y.size(1));
            long from = x.offset() + ((long) (task / y.size(1)) * x.size(1) + c) * x.size(2) * x.size(3);
            for (int i = 0; i < x.size(2); i++) {
                for (int j = 0; j < x.size(3); j++) {
                    float v = xs.getAtIndex(JAVA_FLOAT, from + (long) i * x.size(3) + j);
                    for (int k = 0; k < 9; k++) {
                        plane[(2 * i + k / 3) * width + 2 * j + k % 3] += v * kernel[k];
                    }
                }
            }
        }
        Fir fir = spec.fir().flipped();
        float[] out = new float[y.size(2) * y.size(3)];
        correlate(MemorySegment.ofArray(plane), 0, height, width, fir.taps(), fir.height(), fir.width(), 1,
                (fir.height() + 1) / 2 - 1, (fir.width() + 1) / 2 - 1, out, y.size(2), y.size(3));
        store(out, spec, y, task);
    }

    private void down(NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        Fir fir = spec.fir().flipped();
        int k = weight.size(2);
        int pad = (k - 1) / 2;
        int padY = pad + (fir.height() - 1) / 2;
        int padX = pad + (fir.width() - 1) / 2;
        int height = 2 * (y.size(2) - 1) + k;
        int width = 2 * (y.size(3) - 1) + k;
        float[][] filtered = new float[x.size(0) * x.size(1)][];
        MemorySegment xs = CpuBuffer.segmentOf(x);
        threads.run(filtered.length, task -> {
            filtered[task] = new float[height * width];
            correlate(xs, x.offset() + (long) task * x.size(2) * x.size(3), x.size(2), x.size(3), fir.taps(),
                    fir.height(), fir.width(), 1, padY, padX, filtered[task], height, width);
        });
        threads.run(y.size(0) * y.size(1), task -> {
            float[] plane = new float[y.size(2) * y.size(3)];
            for (int c = 0; c < x.size(1); c++) {
                correlate(MemorySegment.ofArray(filtered[task / y.size(1) * x.size(1) + c]), 0, height, width,
                        kernelOf(weight, spec, task, c, y.size(1)), 2, 0, plane, y.size(2), y.size(3));
            }
            store(plane, spec, y, task);
        });
    }

    private static float[] kernelOf(NdArray weight, FusedConv spec, int task, int c, int outputs) {
        int taps = weight.size(2) * weight.size(3);
        float[] kernel = new float[taps];
        NdArray styles = spec.scales().input();
        float style = styles == null ? 1 : at(styles, (long) (task / outputs) * weight.size(1) + c);
        for (int i = 0; i < taps; i++) {
            kernel[i] = style * at(weight, ((long) (task % outputs) * weight.size(1) + c) * taps + i);
        }
        return kernel;
    }

    private static void correlate(MemorySegment xs, long from, int height, int width, float[] kernel, int stride,
                                  int pad, float[] out, int outHeight, int outWidth) {
        int k = kernel.length == 1 ? 1 : 3;
        correlate(xs, from, height, width, kernel, k, k, stride, pad, pad, out, outHeight, outWidth);
    }

    /** {@code out[i, j] += Σ kernel[p, q] · x[i·stride − padY + p, j·stride − padX + q]}. */
    private static void correlate(MemorySegment xs, long from, int height, int width, float[] kernel, int kernelY,
                                  int kernelX, int stride, int padY, int padX, float[] out, int outHeight,
                                  int outWidth) {
        for (int i = 0; i < outHeight; i++) {
            for (int p = 0; p < kernelY; p++) {
                int row = i * stride - padY + p;
                if (row < 0 || row >= height) {
                    continue;
                }
                for (int q = 0; q < kernelX; q++) {
                    int first = Math.max(0, Math.ceilDiv(padX - q, stride));
                    int end = Math.min(outWidth, Math.floorDiv(width - 1 + padX - q, stride) + 1);
                    axpy(kernel[p * kernelX + q], xs, from + (long) row * width + q - padX, stride, out, i * outWidth,
                            first, end);
                }
            }
        }
    }

    private static void axpy(float a, MemorySegment xs, long from, int stride, float[] out, int at, int first,
                             int end) {
        for (int j = first; j < end; j++) {
            out[at + j] += a * xs.getAtIndex(JAVA_FLOAT, from + (long) j * stride);
        }
    }

    private static void store(float[] plane, FusedConv spec, NdArray y, int task) {
        Epilogue epilogue = spec.epilogue();
        int n = task / y.size(1);
        int o = task % y.size(1);
        NdArray noise = epilogue.noise();
        long noiseAt = noise == null || noise.size(0) == 1 ? 0 : (long) n * plane.length;
        float strength = noise == null ? 0 : at(epilogue.noiseStrength(), 0);
        float scale = spec.scales().output() == null ? 1 : at(spec.scales().output(), task);
        float bias = epilogue.bias() == null ? 0 : at(epilogue.bias(), o);
        MemorySegment ys = CpuBuffer.segmentOf(y);
        long to = y.offset() + (long) task * plane.length;
        for (int i = 0; i < plane.length; i++) {
            float v = plane[i] * scale + bias;
            if (noise != null) {
                v += at(noise, noiseAt + i) * strength;
            }
            ys.setAtIndex(JAVA_FLOAT, to + i, finish(v, epilogue));
        }
    }

    private static float finish(float v, Epilogue epilogue) {
        float alpha = epilogue.act().alpha();
        double f = switch (epilogue.act().activation()) {
            case LINEAR -> v;
            case RELU -> Math.max(v, 0);
            case LRELU -> v < 0 ? v * alpha : v;
            case TANH -> Math.tanh(v);
            case SIGMOID -> 1 / (1 + Math.exp(-v));
            case ELU -> v < 0 ? Math.expm1(v) : v;
            case SELU -> 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v);
            case SOFTPLUS -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
            case SWISH -> v / (1 + Math.exp(-v));
        };
        float scaled = (float) f * epilogue.act().gain();
        float clamp = epilogue.act().clamp();
        return epilogue.act().clamps() ? Math.clamp(scaled, -clamp, clamp) : scaled;
    }

    private static float at(NdArray a, long i) {
        return CpuBuffer.segmentOf(a).getAtIndex(JAVA_FLOAT, a.offset() + i);
    }
}
