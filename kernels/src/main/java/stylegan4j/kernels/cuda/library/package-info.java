/**
 * Finding CUDA's libraries on this machine and making JCuda's natives bind to them. Nothing here needs a GPU or touches
 * a class of JCuda, except {@link stylegan4j.kernels.cuda.library.JcudaNatives}.
 */
package stylegan4j.kernels.cuda.library;
