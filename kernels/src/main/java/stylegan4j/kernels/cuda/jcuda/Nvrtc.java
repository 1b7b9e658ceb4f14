package stylegan4j.kernels.cuda.jcuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Logger;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;
import stylegan4j.kernels.cuda.driver.GpuException;

/** CUDA's runtime compiler: CUDA C++ in, machine code out. It needs no GPU and no header files. */
final class Nvrtc {
    private static final Logger LOG = Logger.getLogger(Nvrtc.class.getName());

    private final Status status;

    Nvrtc(Status status) {
        this.status = status;
    }

    String version() {
        int[] major = {0};
        int[] minor = {0};
        status.nvrtc("nvrtcVersion", JNvrtc.nvrtcVersion(major, minor));
        return major[0] + "." + minor[0];
    }

    /**
     * What to compile for: the device's own architecture, or, if this compiler is older than the device, the newest
     * one that it knows, which the driver then translates.
     *
     * @param capability as 90 for 9.0
     * @throws GpuException if the compiler knows only newer devices
     */
    String target(int capability) {
        int[] count = {0};
        status.nvrtc("nvrtcGetNumSupportedArchs", JNvrtc.nvrtcGetNumSupportedArchs(count));
        int[] known = new int[count[0]];
        status.nvrtc("nvrtcGetSupportedArchs", JNvrtc.nvrtcGetSupportedArchs(known));
        return target(capability, known, version());
    }

    static String target(int capability, int[] known, String version) {
        int best = Arrays.stream(known).filter(k -> k <= capability).max().orElseThrow(() -> new GpuException(
                "NVRTC " + version + " compiles for compute capability "
                        + Arrays.stream(known).min().orElse(0) / 10.0 + " and newer, the GPU's is " + capability / 10.0
                        + ": an older CUDA serves it"));
        return best == capability ? "sm_" + best : "compute_" + best;
    }

    /**
     * Machine code for an {@code sm_…} target, PTX with a final zero for a {@code compute_…} one.
     *
     * @throws GpuException with the compiler's messages if the source has errors
     */
    byte[] compile(String name, String source, String target, List<String> options) {
        nvrtcProgram program = new nvrtcProgram();
        status.nvrtc("nvrtcCreateProgram", JNvrtc.nvrtcCreateProgram(program, source, name, 0, null, null));
        try {
            List<String> all = new ArrayList<>(List.of("--gpu-architecture=" + target, "--std=c++17"));
            all.addAll(options);
            int result = JNvrtc.nvrtcCompileProgram(program, all.size(), all.toArray(String[]::new));
            String[] log = {""};
            JNvrtc.nvrtcGetProgramLog(program, log);
            if (result != nvrtcResult.NVRTC_SUCCESS) {
                throw new GpuException(name + " does not compile " + all + ": " + nvrtcResult.stringFor(result) + "\n"
                        + log[0].strip());
            }
            if (!log[0].isBlank()) {
                LOG.fine(() -> name + ": " + log[0].strip());
            }
            return target.startsWith("sm_") ? machineCode(program) : ptx(program);
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private byte[] machineCode(nvrtcProgram program) {
        long[] size = {0};
        status.nvrtc("nvrtcGetCUBINSize", JNvrtc.nvrtcGetCUBINSize(program, size));
        byte[] code = new byte[Math.toIntExact(size[0])];
        status.nvrtc("nvrtcGetCUBIN", JNvrtc.nvrtcGetCUBIN(program, code));
        return code;
    }

    private byte[] ptx(nvrtcProgram program) {
        String[] text = {null};
        status.nvrtc("nvrtcGetPTX", JNvrtc.nvrtcGetPTX(program, text));
        return (text[0] + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }
}
