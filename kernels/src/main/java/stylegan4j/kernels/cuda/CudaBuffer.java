package stylegan4j.kernels.cuda;

import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.NdArray;

/** Device memory, handed out by {@link DeviceMemory}. */
public final class CudaBuffer implements Buffer {
    private final BlockCache.Block block;
    private final BlockCache home;
    private final long bytes;
    private boolean live = true;

    /** @param home where the block goes when it is released */
    CudaBuffer(BlockCache.Block block, BlockCache home, long bytes) {
        this.block = block;
        this.home = home;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Address of the first byte on the device. */
    public long pointer() {
        return block.pointer();
    }

    BlockCache.Block block() {
        return block;
    }

    BlockCache home() {
        return home;
    }

    /** Address of an array's first element on the device. */
    public static long address(NdArray array) {
        return ((CudaBuffer) array.buffer()).pointer() + array.offset() * array.type().bytes();
    }

    /** Marks the handle as released. */
    void retire() {
        if (!live) {
            throw new IllegalStateException("release: buffer of " + bytes + " bytes was released before");
        }
        live = false;
    }
}
