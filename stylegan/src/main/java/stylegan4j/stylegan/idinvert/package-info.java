/**
 * In-domain inversion (arXiv 2004.00049; genforce/idinvert_pytorch): an encoder into W+, StyleGAN1's generator that it was
 * trained for, and the optimisation that keeps codes in the encoder's domain.
 */
package stylegan4j.stylegan.idinvert;
