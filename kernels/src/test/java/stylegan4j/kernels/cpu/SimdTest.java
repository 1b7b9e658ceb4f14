package stylegan4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;

/** Also run in a JVM that lacks the Vector API's module, where no class that mentions vectors can be loaded. */
@Tag("widths")
@Tag("without-vector-module")
class SimdTest {
    @Test
    void theWidthFollowsThePropertyAndTheModule() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        String wish = System.getProperty("stylegan4j.simd", "auto");
        assertEquals(present && !wish.equals("off"), Simd.enabled());
        if (wish.matches("\\d+")) {
            assertEquals(Integer.parseInt(wish), Simd.bits());
        }
    }

    @Test
    void kernelsRunEitherWay() {
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray x = NdArray.contiguous(backend.allocate(4 * 13), DType.F32, 13);
            float[] values = new float[13];
            backend.fill(x, 1.5f);
            backend.binary(BinaryOp.MULTIPLY, x, x, x);
            backend.download(x.buffer(), 0, MemorySegment.ofArray(values));
            float[] expected = new float[13];
            Arrays.fill(expected, 2.25f);
            assertArrayEquals(expected, values);
        }
    }
}
