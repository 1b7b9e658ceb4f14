package stylegan4j.nn.image;

/**
 * The interpolation kernels of {@link Resize}, those of PIL: symmetric, zero beyond {@code support} source pixels from
 * the middle (when enlarging; when shrinking they are stretched by the factor, which is the antialiasing).
 */
public enum ResizeFilter {
    /** Mean of the pixels covered. */
    BOX(0.5) {
        @Override
        double weight(double x) {
            return x > -0.5 && x <= 0.5 ? 1 : 0;
        }
    },
    /** Triangle; linear interpolation when enlarging. */
    BILINEAR(1) {
        @Override
        double weight(double x) {
            return Math.max(0, 1 - Math.abs(x));
        }
    },
    /** Sinc under a Hamming window of one pixel: as local as bilinear and sharper. */
    HAMMING(1) {
        @Override
        double weight(double x) {
            if (x == 0) {
                return 1;
            }
            if (Math.abs(x) >= 1) {
                return 0;
            }
            double angle = Math.abs(x) * Math.PI;
            // Floats, for PIL's window has single-precision constants.
            return StrictMath.sin(angle) / angle * (0.54f + 0.46f * StrictMath.cos(angle));
        }
    },
    /** Keys' cubic convolution with a = -0.5. */
    BICUBIC(2) {
        @Override
        double weight(double x) {
            double t = Math.abs(x);
            if (t < 1) {
                return ((CUBIC_A + 2) * t - (CUBIC_A + 3)) * t * t + 1;
            }
            return t < 2 ? (((t - 5) * t + 8) * t - 4) * CUBIC_A : 0;
        }
    },
    /** Sinc under a sinc window of three pixels. */
    LANCZOS(3) {
        @Override
        double weight(double x) {
            return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
        }
    };

    private static final double CUBIC_A = -0.5;

    private final double support;

    ResizeFilter(double support) {
        this.support = support;
    }

    /** Half the kernel's width, in source pixels. */
    double support() {
        return support;
    }

    /** The kernel at a distance from its middle, in source pixels; not normalised. */
    abstract double weight(double x);

    private static double sinc(double x) {
        return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
    }
}
