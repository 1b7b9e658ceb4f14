package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.cpu.Simd;

/** The last step of a fused convolution for a piece of an output row. Both implementations give the same bits. */
interface EpilogueKernel {
    /** The vector kernel where vectors are enabled, plain loops elsewhere. */
    EpilogueKernel BEST = Simd.enabled() ? new VectorEpilogueKernel() : new ScalarEpilogueKernel();

    /** {@code line[at + i] = line[at + i]·scale + noise[i]·strength}, noise starting at byte {@code from}. */
    void addNoise(float[] line, int at, float scale, MemorySegment noise, long from, float strength, int n);

    /**
     * {@code y[i] = clamp(gain·f(line[at + i]·scale + bias))}, y starting at byte {@code to}, where f multiplies what
     * is below zero by {@code slope}.
     *
     * @param clamp bound on |y|, infinite for none
     */
    void activate(float[] line, int at, float scale, float bias, float slope, float gain, float clamp,
                  MemorySegment y, long to, int n);
}
