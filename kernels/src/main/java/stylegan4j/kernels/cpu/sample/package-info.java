/** Resampling on the CPU: FIR filters, linear maps, pooling, grid sampling; and random numbers. */
package stylegan4j.kernels.cpu.sample;
