/**
 * Checkpoint files: safetensors, torch ({@code .pt}, zip and legacy), NVlabs pickles, npy and npz.
 *
 * <p>{@link stylegan4j.nn.checkpoint.Checkpoints#read} recognises the format by content and returns inert data whose
 * tensors are slices of the memory-mapped file. Files are not trusted: sizes are held against the bytes there are
 * before anything is allocated, pickles build only what one table lists, and whatever is wrong ends in a
 * {@link stylegan4j.nn.checkpoint.CheckpointException} of one line. Writers replace their target only when complete.
 */
package stylegan4j.nn.checkpoint;
