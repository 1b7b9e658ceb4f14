/** The GPU's interfaces over JCuda. Nothing outside refers to these classes but by {@code JcudaPlatform.open}. */
package stylegan4j.kernels.cuda.jcuda;
