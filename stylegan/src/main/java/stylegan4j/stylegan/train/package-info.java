/** Training StyleGAN2: losses and their schedule, augmentation, snapshots, statistics. */
package stylegan4j.stylegan.train;
