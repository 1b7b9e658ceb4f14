package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUdeviceptr;

/** Device memory in calls that insist on JCuda's own type for it. */
final class DeviceAddress extends CUdeviceptr {
    /** For calls that set it. */
    DeviceAddress() {
    }

    DeviceAddress(long value) {
        super(new CUdeviceptr(), value);
    }

    long value() {
        return getNativePointer();
    }
}
