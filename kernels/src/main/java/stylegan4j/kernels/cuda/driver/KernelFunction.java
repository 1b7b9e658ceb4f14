package stylegan4j.kernels.cuda.driver;

/** A compiled kernel on its device. */
public interface KernelFunction {
    String name();
}
