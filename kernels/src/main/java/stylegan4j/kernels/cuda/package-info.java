/** The CUDA backend: device memory, compiled kernels and the operations made of them. */
package stylegan4j.kernels.cuda;
