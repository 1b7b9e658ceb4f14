package stylegan4j.stylegan.train.augment;

/** Small square matrices of homogeneous coordinates, on the host. */
record Matrix(int size, double[] values) {
    /** Row by row. */
    static Matrix of(double... values) {
        return new Matrix((int) Math.round(Math.sqrt(values.length)), values);
    }

    static Matrix identity(int size) {
        double[] values = new double[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return new Matrix(size, values);
    }

    static Matrix translate2d(double x, double y) {
        return of(1, 0, x, 0, 1, y, 0, 0, 1);
    }

    static Matrix scale2d(double x, double y) {
        return of(x, 0, 0, 0, y, 0, 0, 0, 1);
    }

    static Matrix rotate2d(double theta) {
        double s = Math.sin(theta);
        double c = Math.cos(theta);
        return of(c, -s, 0, s, c, 0, 0, 0, 1);
    }

    static Matrix translate3d(double x, double y, double z) {
        return of(1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1);
    }

    static Matrix scale3d(double x, double y, double z) {
        return of(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1);
    }

    /** Rotation about an axis of length one (Rodrigues' formula). */
    static Matrix rotate3d(double x, double y, double z, double theta) {
        double s = Math.sin(theta);
        double c = Math.cos(theta);
        double k = 1 - c;
        return of(x * x * k + c, x * y * k - z * s, x * z * k + y * s, 0,
                y * x * k + z * s, y * y * k + c, y * z * k - x * s, 0,
                z * x * k - y * s, z * y * k + x * s, z * z * k + c, 0,
                0, 0, 0, 1);
    }

    double at(int row, int column) {
        return values[row * size + column];
    }

    /** this · other */
    Matrix times(Matrix other) {
        double[] product = new double[values.length];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                for (int k = 0; k < size; k++) {
                    product[i * size + j] += at(i, k) * other.at(k, j);
                }
            }
        }
        return new Matrix(size, product);
    }

    /** factor · this + share · other */
    Matrix blend(double factor, Matrix other, double share) {
        double[] sum = new double[values.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = factor * values[i] + share * other.values[i];
        }
        return new Matrix(size, sum);
    }
}
