package stylegan4j.kernels.cuda.jcuda;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.library.CudaInstallation;
import stylegan4j.kernels.cuda.library.CudaLibrary;
import stylegan4j.kernels.cuda.library.JcudaNatives;
import stylegan4j.kernels.cuda.library.LoadedLibrary;
import stylegan4j.kernels.cuda.library.PrivateCache;

/** The one door to this package. With {@code -Dstylegan4j.cudnn=off}, GPUs are opened without cuDNN. */
public final class JcudaPlatform {
    private static final Logger LOG = Logger.getLogger(JcudaPlatform.class.getName());

    private JcudaPlatform() {
    }

    /**
     * Opens a GPU with the libraries of this machine.
     *
     * @param index number of the device, from 0
     * @throws GpuException if a library is missing, or there is no such device; one line says what and why
     */
    public static GpuPlatform open(int index) {
        CudaInstallation installation = CudaInstallation.ofMachine();
        installation.require();
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            JcudaNatives.load(installation);
            JcudaGpu gpu = keep(opened, new JcudaGpu(index));
            JcudaCompiler compiler = keep(opened,
                    new JcudaCompiler(gpu, new KernelCache(PrivateCache.open().subfolder("kernels"))));
            JcudaMatrices matrices = keep(opened, new JcudaMatrices(gpu, version(installation, CudaLibrary.CUBLAS)));
            JcudaConvolutions convolutions = convolutions(gpu, installation);
            opened.clear();
            return new GpuPlatform(gpu, compiler, matrices, convolutions);
        } catch (IOException e) {
            throw new GpuException(e.getMessage(), e);
        } finally {
            opened.forEach(JcudaPlatform::closeQuietly);
        }
    }

    /** cuDNN, where it is there, wanted, and starts; our own kernels convolve without it. */
    private static JcudaConvolutions convolutions(JcudaGpu gpu, CudaInstallation installation) {
        if (installation.library(CudaLibrary.CUDNN).isEmpty()
                || System.getProperty("stylegan4j.cudnn", "").equals("off")) {
            return null;
        }
        try {
            return new JcudaConvolutions(gpu, version(installation, CudaLibrary.CUDNN));
        } catch (GpuException e) {
            LOG.log(Level.WARNING, "cuDNN does not start, and is left out: {0}", e.getMessage());
            return null;
        }
    }

    private static String version(CudaInstallation installation, CudaLibrary library) {
        return installation.library(library).map(LoadedLibrary::version).orElse("");
    }

    /** Remembers what is to be closed again if a later step fails. */
    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> opened, T part) {
        opened.push(part);
        return part;
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // The failure that led here is the one to report.
        }
    }
}
