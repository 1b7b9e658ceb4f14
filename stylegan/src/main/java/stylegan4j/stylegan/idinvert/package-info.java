/**
 * In-domain inversion (arXiv 2004.00049; genforce/idinvert_pytorch): StyleGAN1's generator that its encoder
 * ({@link stylegan4j.stylegan.encoder.IdInvertEncoder}) was trained for, and the optimisation that keeps codes in the
 * encoder's domain.
 */
package stylegan4j.stylegan.idinvert;
