/**
 * What a GPU makes of the kernels and networks, beside its own measured limits and, where figures of it are given,
 * beside the official code on PyTorch. Needs no library but ours.
 */
package stylegan4j.bench.gpu;
