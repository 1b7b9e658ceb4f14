package stylegan4j.cli;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;

/** Whether a GPU computes: a small product and convolution there and on the CPU. */
final class GpuCheck {
    private static final float TOLERANCE = 1e-4f;

    private GpuCheck() {
    }

    /** What is wrong with GPU {@code index}, or null. */
    static String problem(int index) {
        try (Device gpu = Device.cuda(index); Device cpu = Device.cpu(1)) {
            return agree(compute(gpu), compute(cpu)) ? null
                    : "computes wrong numbers (without cuDNN too? -Dstylegan4j.cudnn=off)";
        } catch (GpuException e) {
            return e.getMessage().lines().findFirst().orElse("fails");
        } catch (RuntimeException | LinkageError e) {
            return "cannot be computed with: " + e;
        }
    }

    /** Up to the rounding of Winograd's and Fourier's transforms, by which a vendor's library may convolve. */
    private static boolean agree(float[] a, float[] b) {
        float largest = 0;
        for (float v : b) {
            largest = Math.max(largest, Math.abs(v));
        }
        for (int i = 0; i < b.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= TOLERANCE * largest)) { // NaN too
                return false;
            }
        }
        return true;
    }

    private static float[] compute(Device device) {
        try (var _ = device.open()) {
            Tensor x = Tensor.of(pattern(48), 1, 3, 4, 4);
            Tensor weight = Tensor.of(pattern(54), 2, 3, 3, 3);
            Tensor y = Convolution.conv2d(x, weight, ConvGeometry.of(1, 1)).reshape(2, 16);
            return y.matmul(y.transpose(0, 1)).add(1).toArray();
        }
    }

    private static float[] pattern(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i * i % 4;
        }
        return values;
    }
}
