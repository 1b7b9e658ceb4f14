/** Winograd's algorithm for 3×3 convolutions by stride 1 and 2, transposed ones, and their weight gradients. */
package stylegan4j.kernels.cpu.winograd;
