package stylegan4j.tensor;

import stylegan4j.kernels.Backend;
import stylegan4j.kernels.Buffer;

/** A backend buffer shared by the tensors that view it; freed with the last of them. */
final class Storage {
    final Backend backend;
    final Buffer buffer;
    private int references;
    private int version;

    Storage(Backend backend, long bytes) {
        this.backend = backend;
        this.buffer = backend.allocate(bytes);
    }

    void retain() {
        references++;
    }

    void release() {
        if (--references == 0) {
            backend.release(buffer);
        }
    }

    /** Counts writes in place, so that a gradient can tell that what it saved has changed. */
    int version() {
        return version;
    }

    void written() {
        version++;
    }
}
