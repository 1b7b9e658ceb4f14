/** Matrix products and convolutions on a GPU. */
package stylegan4j.kernels.cuda.conv;
