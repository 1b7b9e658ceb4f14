/** Differentiable augmentation of what a discriminator sees, so that little data suffices (arXiv 2006.06676). */
package stylegan4j.stylegan.train.augment;
