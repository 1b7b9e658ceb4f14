package stylegan4j.kernels.cuda.map;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.AdamTarget;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Adam's update of many parameters at once: as many in a launch as its parameter struct has room for. */
public final class Adam {
    private static final int THREADS = 256;
    private static final int MOST_PARAMETERS = 84;
    private static final int CHUNK = 4096;
    private static final int MOST_CHUNKS = Integer.MAX_VALUE / 2;

    private final CudaContext cuda;
    private final Kernel adam;

    public Adam(CudaContext cuda) {
        this.cuda = cuda;
        this.adam = cuda.kernel("adam.cu", "adam");
    }

    public void step(List<AdamTarget> targets, AdamStep step) {
        List<AdamTarget> batch = new ArrayList<>();
        long chunks = 0;
        for (AdamTarget target : targets) {
            long more = Math.ceilDiv(target.parameter().numel(), CHUNK);
            if (batch.size() == MOST_PARAMETERS || chunks + more > MOST_CHUNKS) {
                launch(batch, step);
                batch.clear();
                chunks = 0;
            }
            if (more > 0) {
                batch.add(target);
                chunks += more;
            }
        }
        if (!batch.isEmpty()) {
            launch(batch, step);
        }
    }

    private void launch(List<AdamTarget> batch, AdamStep step) {
        int[] firstChunk = new int[batch.size() + 1];
        for (int i = 0; i < batch.size(); i++) {
            firstChunk[i + 1] = firstChunk[i] + (int) Math.ceilDiv(batch.get(i).parameter().numel(), CHUNK);
        }
        Params params = Params.start();
        pointers(params, batch, AdamTarget::parameter);
        pointers(params, batch, AdamTarget::gradient);
        pointers(params, batch, AdamTarget::mean);
        pointers(params, batch, AdamTarget::square);
        params.integers64(batch.stream().mapToLong(t -> t.parameter().numel()).toArray(), MOST_PARAMETERS)
                .integers(firstChunk, MOST_PARAMETERS + 1).integer(batch.size())
                .real(step.meanKept()).real(step.meanShare()).real(step.squareKept()).real(step.squareShare())
                .real(step.stepSize()).real(step.rootScale()).real(step.epsilon()).real(step.gradientDecay())
                .real(step.parameterKept());
        cuda.launch(adam, LaunchSize.of(firstChunk[batch.size()], THREADS), params);
    }

    private static void pointers(Params params, List<AdamTarget> batch, Function<AdamTarget, NdArray> which) {
        params.integers64(batch.stream().map(which).mapToLong(CudaBuffer::address).toArray(), MOST_PARAMETERS);
    }
}
