package stylegan4j.stylegan.avatar;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.GridSampling;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Border;

/**
 * Small changes that leave an avatar who it is: shift, scale, rotation, colour, blur and noise, each drawn anew for each
 * picture. Depends on the random stream alone.
 */
final class PictureJitter {
    private static final int MARGIN = 8;
    private static final double SHIFT = 3;
    private static final double SCALE = 0.08;
    private static final double ROTATION = Math.toRadians(5);
    private static final double COLOR = 0.08;
    private static final double NOISE = 0.08;

    private final SplittableRandom random;

    PictureJitter(SplittableRandom random) {
        this.random = random;
    }

    /** Each picture changed a little, [N, 3, H, W]. */
    Tensor view(Tensor pictures) {
        int n = pictures.size(0);
        Tensor moved = moved(pictures);
        Tensor blurred = Interpolation.avgPool2d(moved, 3, 1, 1, false);
        Tensor soft = moved.add(blurred.sub(moved).mul(each(n, 1, () -> Math.max(0, spread(1)))));
        Tensor toned = soft.mul(each(n, 3, () -> 1 + spread(COLOR))).add(each(n, 3, () -> spread(COLOR)));
        return toned.add(noise(pictures.shape()).mul(each(n, 1, () -> Math.max(0, spread(NOISE)))));
    }

    private Tensor noise(int[] shape) {
        float[] values = new float[Math.multiplyExact(shape[0] * shape[1], shape[2] * shape[3])];
        for (int i = 0; i < values.length; i++) {
            // Of variance 1, like a normal number's, and cheaper.
            values[i] = (float) spread(Math.sqrt(3));
        }
        return Tensor.of(values, shape);
    }

    private Tensor moved(Tensor pictures) {
        int n = pictures.size(0);
        int size = pictures.size(2);
        Tensor padded = Interpolation.pad(pictures, MARGIN, MARGIN, MARGIN, MARGIN, Border.REFLECT);
        double half = (size + 2 * MARGIN) / 2.0;
        float[] grid = new float[n * size * size * 2];
        int at = 0;
        for (int i = 0; i < n; i++) {
            double angle = spread(ROTATION);
            double scale = (1 + spread(SCALE)) / half;
            double cos = Math.cos(angle) * scale;
            double sin = Math.sin(angle) * scale;
            double left = spread(SHIFT) / half;
            double top = spread(SHIFT) / half;
            for (int y = 0; y < size; y++) {
                double v = y + 0.5 - size / 2.0;
                for (int x = 0; x < size; x++) {
                    double u = x + 0.5 - size / 2.0;
                    grid[at++] = (float) (cos * u - sin * v + left);
                    grid[at++] = (float) (sin * u + cos * v + top);
                }
            }
        }
        return GridSampling.gridSample(padded, Tensor.of(grid, n, size, size, 2), false);
    }

    /** A number for each picture and channel, [n, channels, 1, 1]. */
    private static Tensor each(int n, int channels, DoubleSupplier numbers) {
        float[] values = new float[n * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) numbers.getAsDouble();
        }
        return Tensor.of(values, n, channels, 1, 1);
    }

    /** Uniform in −most … most. */
    private double spread(double most) {
        return (2 * random.nextDouble() - 1) * most;
    }
}
