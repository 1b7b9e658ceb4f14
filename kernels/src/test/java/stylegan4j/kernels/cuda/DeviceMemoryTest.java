package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.cuda.driver.GpuOutOfMemoryException;
import stylegan4j.kernels.cuda.host.HostGpu;

class DeviceMemoryTest {
    private final HostGpu gpu = new HostGpu(1 << 20);
    private final DeviceMemory memory = new DeviceMemory(gpu);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 511, 512, 513, 4096, 5000, 1_000_001, 123_456_789_012L})
    void blocksAreAlignedAndHardlyLarger(long bytes) {
        long size = DeviceMemory.sizeClass(bytes);
        assertEquals(0, size % 512);
        assertTrue(size >= bytes && size <= Math.max(bytes + bytes / 8, bytes + 511) + (bytes == 0 ? 1 : 0));
    }

    @Test
    void aReleasedBlockServesAgain() {
        CudaBuffer a = memory.allocate(1000);
        long pointer = a.pointer();
        memory.release(a);
        assertThrows(IllegalStateException.class, () -> memory.release(a));
        CudaBuffer b = memory.allocate(900);
        assertEquals(pointer, b.pointer());
        CudaBuffer c = memory.allocate(900);
        assertNotEquals(pointer, c.pointer());
        assertEquals(2, memory.stats().buffers());
        assertEquals(2048, memory.stats().live());
        assertEquals(2048, memory.stats().reserved());
        memory.release(b);
        memory.release(c);
        assertEquals(0, memory.stats().live());
        assertEquals(2048, memory.stats().peak());
        memory.trim();
        assertEquals(0, memory.stats().reserved());
        gpu.close();
    }

    @Test
    void aMuchLargerBlockIsLeftForOthers() {
        CudaBuffer large = memory.allocate(100_000);
        memory.release(large);
        CudaBuffer small = memory.allocate(1000);
        assertNotEquals(large.pointer(), small.pointer());
        assertEquals(small.block().size() + large.block().size(), memory.stats().reserved());
        memory.release(small);
        memory.close();
        gpu.close();
    }

    @Test
    void fullMemoryIsTrimmedOnceAndThenReported() {
        memory.release(memory.allocate(600_000));
        CudaBuffer a = memory.allocate(900_000); // fits only after the cached block is given back
        GpuOutOfMemoryException e = assertThrows(GpuOutOfMemoryException.class, () -> memory.allocate(500_000));
        assertTrue(e.getMessage().startsWith("cuda: 500000 bytes asked for, "), e.getMessage());
        assertTrue(e.getMessage().contains("1 buffers are in use: 1 × 900000 bytes"), e.getMessage());
        assertEquals("1 × 900000 bytes", memory.report());
        memory.release(a);
        assertEquals("", memory.report());
        memory.close();
        gpu.close();
    }

    @Test
    void aRecordingKeepsItsMemory() {
        CudaBuffer before = memory.allocate(1000);
        long outside = before.pointer();
        DeviceMemory.Recording recording = memory.record();
        assertThrows(IllegalStateException.class, memory::record);
        CudaBuffer inner = memory.allocate(1000);
        long inside = inner.pointer();
        memory.release(inner);
        CudaBuffer again = memory.allocate(1000);
        assertEquals(inside, again.pointer(), "reused within the recording");
        memory.release(before);
        CudaBuffer third = memory.allocate(1000);
        assertNotEquals(outside, third.pointer(), "held: the recording may read it");
        memory.release(third);
        recording.finish();
        memory.release(again);
        CudaBuffer after = memory.allocate(1000);
        assertTrue(after.pointer() != inside && after.pointer() != outside && after.pointer() != third.pointer());
        long reserved = memory.stats().reserved();
        recording.close();
        CudaBuffer[] reused = {memory.allocate(1000), memory.allocate(1000), memory.allocate(1000)};
        assertEquals(reserved, memory.stats().reserved());
        for (CudaBuffer buffer : reused) {
            memory.release(buffer);
        }
        memory.release(after);
        memory.close();
        gpu.close();
    }
}
