package stylegan4j.kernels.cuda.library;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The GPUs of this machine.
 *
 * @param devices in the driver's order
 * @param problem why there are none, or null
 */
public record GpuList(List<GpuInfo> devices, String problem) {
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int NAME_BYTES = 256;

    /**
     * One GPU.
     *
     * @param index as in {@code --device cuda:N}
     * @param memory bytes
     * @param capability the compute capability, such as 9.0
     */
    public record GpuInfo(int index, String name, long memory, String capability) {
    }

    static GpuList of(SymbolLookup driver) {
        NativeCalls calls = new NativeCalls(driver);
        int status = calls.status("cuInit", 0);
        if (status != 0) {
            return new GpuList(List.of(), "the driver finds no GPU (cuInit: " + errorName(calls, status) + ")");
        }
        int count = calls.intResult("cuDeviceGetCount").orElse(0);
        List<GpuInfo> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(device(calls, i));
        }
        return new GpuList(List.copyOf(devices), count == 0 ? "the driver finds no GPU" : null);
    }

    private static GpuInfo device(NativeCalls calls, int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment name = arena.allocate(NAME_BYTES);
            MemorySegment memory = arena.allocate(ValueLayout.JAVA_LONG);
            check(calls, "cuDeviceGet", calls.status("cuDeviceGet", handle, index));
            int device = handle.get(ValueLayout.JAVA_INT, 0);
            check(calls, "cuDeviceGetName", calls.status("cuDeviceGetName", name, NAME_BYTES, device));
            check(calls, "cuDeviceTotalMem", calls.status("cuDeviceTotalMem_v2", memory, device));
            return new GpuInfo(index, name.getString(0), memory.get(ValueLayout.JAVA_LONG, 0),
                    attribute(calls, arena, CAPABILITY_MAJOR, device) + "."
                            + attribute(calls, arena, CAPABILITY_MINOR, device));
        }
    }

    private static int attribute(NativeCalls calls, Arena arena, int which, int device) {
        MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
        check(calls, "cuDeviceGetAttribute", calls.status("cuDeviceGetAttribute", value, which, device));
        return value.get(ValueLayout.JAVA_INT, 0);
    }

    private static void check(NativeCalls calls, String function, int status) {
        if (status != 0) {
            throw new IllegalStateException(function + ": " + errorName(calls, status));
        }
    }

    @SuppressWarnings("restricted")
    private static String errorName(NativeCalls calls, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ValueLayout.ADDRESS);
            return calls.status("cuGetErrorName", status, text) == 0
                    ? text.get(ValueLayout.ADDRESS.withTargetLayout(
                            MemoryLayout.sequenceLayout(NAME_BYTES, ValueLayout.JAVA_BYTE)), 0)
                            .getString(0)
                    : "status " + status;
        }
    }
}
