/** The small interfaces between the CUDA backend and whatever drives a GPU, or plays one. */
package stylegan4j.kernels.cuda.driver;
