package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Plain loops. */
final class ScalarEpilogueKernel implements EpilogueKernel {
    @Override
    public void addNoise(float[] line, int at, float scale, MemorySegment noise, long from, float strength, int n) {
        for (int i = 0; i < n; i++) {
            line[at + i] = Math.fma(noise.get(JAVA_FLOAT, from + 4L * i), strength, line[at + i] * scale);
        }
    }

    @Override
    public void activate(float[] line, int at, float scale, float bias, float slope, float gain, float clamp,
                         MemorySegment y, long to, int n) {
        for (int i = 0; i < n; i++) {
            y.set(JAVA_FLOAT, to + 4L * i, activate(line[at + i], scale, bias, slope, gain, clamp));
        }
    }

    static float activate(float x, float scale, float bias, float slope, float gain, float clamp) {
        float v = Math.fma(x, scale, bias);
        v = (v < 0 ? v * slope : v) * gain;
        v = v > clamp ? clamp : v;
        return v < -clamp ? -clamp : v;
    }
}
