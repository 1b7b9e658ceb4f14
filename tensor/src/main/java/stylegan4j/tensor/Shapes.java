package stylegan4j.tensor;

import java.util.Arrays;

/** Arithmetic on shapes, and how they are written in messages. */
public final class Shapes {
    private Shapes() {
    }

    /** The shape that a and b broadcast to, as in NumPy. */
    public static int[] broadcast(String op, int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] shape = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int da = i <= a.length ? a[a.length - i] : 1;
            int db = i <= b.length ? b[b.length - i] : 1;
            if (da != db && da != 1 && db != 1) {
                throw new IllegalArgumentException(op + ": shapes " + format(a) + " and " + format(b)
                        + " do not broadcast");
            }
            shape[rank - i] = da == 1 ? db : da;
        }
        return shape;
    }

    /** {@code dim} counted from the front. */
    public static int axis(String op, int dim, int rank) {
        int axis = dim < 0 ? dim + rank : dim;
        if (axis < 0 || axis >= rank) {
            throw new IllegalArgumentException(op + ": dimension " + dim + " of a tensor of rank " + rank);
        }
        return axis;
    }

    /** The shape with the given dimensions set to 1; with none given, all of them. */
    public static int[] reduced(String op, int[] shape, int... dims) {
        int[] result = shape.clone();
        if (dims.length == 0) {
            Arrays.fill(result, 1);
        }
        for (int d : dims) {
            result[axis(op, d, shape.length)] = 1;
        }
        return result;
    }

    /** The shape without the given dimensions; with none given, a scalar's. */
    public static int[] without(String op, int[] shape, int... dims) {
        boolean[] gone = new boolean[shape.length];
        Arrays.fill(gone, dims.length == 0);
        for (int d : dims) {
            gone[axis(op, d, shape.length)] = true;
        }
        int[] result = new int[shape.length];
        int n = 0;
        for (int i = 0; i < shape.length; i++) {
            if (!gone[i]) {
                result[n++] = shape[i];
            }
        }
        return Arrays.copyOf(result, n);
    }

    /** {@code shape} with one size replaced. */
    public static int[] with(int[] shape, int axis, int size) {
        int[] result = shape.clone();
        result[axis] = size;
        return result;
    }

    /** {@code [1, 3, 64, 64]} */
    public static String format(int[] shape) {
        return Arrays.toString(shape);
    }
}
