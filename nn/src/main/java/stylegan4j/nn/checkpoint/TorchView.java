package stylegan4j.nn.checkpoint;

/** A tensor as torch pickles it: a strided view of a storage, unchecked until the storage's bytes are known. */
record TorchView(TorchStorage storage, long offset, long[] shape, long[] strides) {

    /** Arguments of torch's functions that rebuild a tensor; what follows the strides concerns autograd. */
    static TorchView of(PickleArgs args) throws CheckpointException {
        return new TorchView(args.get(0, TorchStorage.class), args.integer(1), args.integers(2), args.integers(3));
    }

    /**
     * The tensor.
     *
     * @throws CheckpointException if the view does not lie inside its storage
     */
    StoredTensor resolve(Source source, String name) throws CheckpointException {
        var dtype = storage.dtype();
        var data = storage.data(source, name);
        var error = Shapes.viewError(dtype, offset, shape, strides, data.byteSize(), source.fileSize());
        if (error != null) {
            throw source.error(name, error);
        }
        return StoredTensor.view(dtype, data, offset, shape, strides);
    }
}
