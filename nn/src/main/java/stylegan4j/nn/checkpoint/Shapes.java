package stylegan4j.nn.checkpoint;

import java.util.Arrays;

/** Arithmetic of shapes and strides out of files, which may be hostile: nothing here overflows. */
final class Shapes {
    static final int MOST_DIMENSIONS = 64;
    /** An overlapping view (stride 0) may be this much larger than the file it came from. */
    private static final long EXPANDED_BYTES = 64L << 20;

    private Shapes() {
    }

    /** Number of elements, or -1 if a dimension is negative or the product overflows. */
    static long elements(long[] shape) {
        if (Arrays.stream(shape).anyMatch(dimension -> dimension < 0)) {
            return -1;
        }
        if (Arrays.stream(shape).anyMatch(dimension -> dimension == 0)) {
            return 0;
        }
        long product = 1;
        for (long dimension : shape) {
            if (product > Long.MAX_VALUE / dimension) {
                return -1;
            }
            product *= dimension;
        }
        return product;
    }

    static long[] rowMajor(long[] shape) {
        var strides = new long[shape.length];
        long step = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = step;
            step *= Math.max(shape[d], 1);
        }
        return strides;
    }

    static long[] columnMajor(long[] shape) {
        var strides = new long[shape.length];
        long step = 1;
        for (int d = 0; d < shape.length; d++) {
            strides[d] = step;
            step *= Math.max(shape[d], 1);
        }
        return strides;
    }

    /** Whether a view's elements follow each other in its storage. Strides of dimensions of size 1 do not count. */
    static boolean isRowMajor(long[] shape, long[] strides) {
        long step = 1;
        boolean rowMajor = true;
        for (int d = shape.length - 1; d >= 0; d--) {
            if (shape[d] == 0) {
                return true;
            }
            rowMajor &= shape[d] == 1 || strides[d] == step;
            step *= shape[d];
        }
        return rowMajor;
    }

    /**
     * What is wrong with a view of a storage, or null if every element lies inside it.
     *
     * @param storageBytes bytes the storage really has
     * @param fileBytes    size of the file, against which the size of overlapping views is judged
     */
    static String viewError(StoredType dtype, long offset, long[] shape, long[] strides, long storageBytes,
                            long fileBytes) {
        var view = "shape " + Arrays.toString(shape) + ", strides " + Arrays.toString(strides) + ", offset " + offset;
        if (shape.length != strides.length || offset < 0 || Arrays.stream(strides).anyMatch(s -> s < 0)) {
            return "malformed view (" + view + ")";
        }
        long elements = elements(shape);
        if (elements == 0) {
            return null;
        }
        long available = storageBytes / dtype.byteSize();
        long last = elements < 0 ? -1 : lastElement(offset, shape, strides);
        if (last < 0 || last >= available) {
            return dtype + " view (" + view + ") reaches outside its storage of " + storageBytes + " bytes";
        }
        if (elements > Math.max(fileBytes, EXPANDED_BYTES) / dtype.byteSize()) {
            return "expanded view (" + view + ") is much larger than the file";
        }
        return null;
    }

    /** Storage index of a view's last element, or -1 on overflow. No dimension is 0. */
    private static long lastElement(long offset, long[] shape, long[] strides) {
        try {
            long last = offset;
            for (int d = 0; d < shape.length; d++) {
                last = Math.addExact(last, Math.multiplyExact(shape[d] - 1, strides[d]));
            }
            return last;
        } catch (ArithmeticException overflow) {
            return -1;
        }
    }
}
