/** upfirdn2d, linear maps, pooling, grid sampling and random numbers on CUDA. */
package stylegan4j.kernels.cuda.sample;
