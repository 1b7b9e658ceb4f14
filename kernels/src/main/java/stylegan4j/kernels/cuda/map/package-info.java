/** Elementwise operations, copies and reductions on CUDA. */
package stylegan4j.kernels.cuda.map;
