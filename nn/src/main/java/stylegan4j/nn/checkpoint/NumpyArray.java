package stylegan4j.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** A pickled {@code numpy.ndarray}, empty until its state arrives. */
final class NumpyArray implements PickleState {
    private StoredTensor tensor;

    /** The finished array, or null if the pickle never gave it a state. */
    StoredTensor tensor() {
        return tensor;
    }

    /** State: version, shape, dtype, Fortran order, bytes. */
    @Override
    @SuppressWarnings("unchecked")
    public void setState(Source source, Budget budget, Object state) throws CheckpointException {
        if (!(state instanceof List<?> fields)) {
            throw source.error("malformed pickle: state of numpy.ndarray");
        }
        var args = new PickleArgs(source, budget, "numpy.ndarray", (List<Object>) fields);
        fill(args, args.integers(1), args.get(2, NumpyDtype.class), args.get(3, Boolean.class), args.bytes(4));
    }

    /** Protocol 5's {@code _frombuffer}: bytes, dtype, shape, order. */
    static NumpyArray fromBuffer(PickleArgs args) throws CheckpointException {
        var array = new NumpyArray();
        array.fill(args, args.integers(2), args.get(1, NumpyDtype.class), args.get(3, String.class).equals("F"),
                args.bytes(0));
        return array;
    }

    private void fill(PickleArgs args, long[] shape, NumpyDtype dtype, boolean fortran, MemorySegment data)
            throws CheckpointException {
        long elements = Shapes.elements(shape);
        int size = dtype.type().byteSize();
        if (elements < 0 || elements > data.byteSize() / size || elements * size != data.byteSize()) {
            throw args.source().error("malformed pickle: numpy array " + dtype.type() + Arrays.toString(shape)
                    + " does not take its " + data.byteSize() + " bytes");
        }
        var strides = fortran ? Shapes.columnMajor(shape) : Shapes.rowMajor(shape);
        tensor = StoredTensor.view(dtype.type(), littleEndian(args, dtype, data), 0, shape, strides);
    }

    /** A numpy scalar: a Python number of the same value. */
    static Object scalar(PickleArgs args) throws CheckpointException {
        var dtype = args.get(0, NumpyDtype.class);
        var type = dtype.type();
        if (args.bytes(1).byteSize() != type.byteSize()) {
            throw args.malformed("argument 1");
        }
        var data = littleEndian(args, dtype, args.bytes(1));
        if (type == StoredType.I64) {
            return data.get(StoredType.LONG, 0);
        }
        double value = type.get(data, 0);
        if (type == StoredType.BOOL) {
            return value != 0;
        }
        if (type.isFloating()) {
            return value;
        }
        return (long) value;
    }

    private static MemorySegment littleEndian(PickleArgs args, NumpyDtype dtype, MemorySegment data)
            throws CheckpointException {
        if (!dtype.bigEndian()) {
            return data;
        }
        args.budget().text(args.source(), data.byteSize());
        return Npy.littleEndian(data, dtype.type().byteSize());
    }
}
