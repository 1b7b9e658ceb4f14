package stylegan4j.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.List;
import stylegan4j.kernels.Recording;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuGraph;

/** A CUDA graph and the memory it works on. */
final class CudaGraph implements Recording {
    private final CudaContext cuda;
    private final DeviceMemory.Recording memory;
    private List<MemorySegment> uploads = List.of();
    private GpuGraph graph;

    /** Records what {@code work} starts on the context's stream. */
    CudaGraph(CudaContext cuda, Staging staging, Runnable work) {
        this.cuda = cuda;
        this.memory = cuda.memory().record();
        boolean complete = false;
        try {
            capture(staging, work);
            complete = true;
        } finally {
            memory.finish();
            if (!complete) {
                close();
            }
        }
    }

    private void capture(Staging staging, Runnable work) {
        staging.beginRecording();
        try {
            cuda.gpu().beginCapture(cuda.stream());
            try {
                work.run();
            } catch (RuntimeException | Error cause) {
                abandon(cause);
                throw cause;
            }
            graph = cuda.gpu().endCapture(cuda.stream());
        } finally {
            uploads = staging.endRecording();
        }
    }

    /** Leaves a recording that failed; a call that failed may have spoilt it, which is not what to report. */
    private void abandon(Throwable cause) {
        try {
            cuda.gpu().endCapture(cuda.stream()).close();
        } catch (GpuException spoilt) {
            cause.addSuppressed(spoilt);
        }
    }

    @Override
    public void replay() {
        if (graph == null) {
            throw new IllegalStateException("graph: replayed after it was closed");
        }
        cuda.gpu().launch(graph, cuda.stream());
    }

    @Override
    public void close() {
        cuda.gpu().synchronize(cuda.stream());
        if (graph != null) {
            graph.close();
            graph = null;
        }
        uploads.forEach(cuda.gpu()::freePinned);
        uploads = List.of();
        memory.close();
    }
}
