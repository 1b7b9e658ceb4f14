package stylegan4j.golden;

import org.junit.jupiter.api.Assumptions;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.tensor.Device;

/**
 * Where cases run, by the system property {@code golden.device}: {@code cpu}, {@code cuda} (the first GPU), or
 * {@code host-grid}, where the host plays a GPU and runs the CUDA backend's own kernels.
 */
final class GoldenDevice {
    private GoldenDevice() {
    }

    static boolean isCpu() {
        return name().equals("cpu");
    }

    private static String name() {
        return System.getProperty("golden.device", "cpu");
    }

    static Device open() {
        return switch (name()) {
            case "cpu" -> Device.cpu();
            case "cuda" -> Device.cuda(0);
            case "host-grid" -> hostGrid();
            default -> throw new IllegalArgumentException("golden.device: expected cpu, cuda or host-grid, got "
                    + name());
        };
    }

    /** Where half types are tried: on the GPU, or on the host that plays one. */
    static Device half() {
        return name().equals("cuda") ? Device.cuda(0) : hostGrid();
    }

    /** The test is skipped where there is no compiler for the kernels. */
    static Device hostGrid() {
        Assumptions.assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        return Device.of(new CudaBackend(HostGpu.platform()));
    }
}
