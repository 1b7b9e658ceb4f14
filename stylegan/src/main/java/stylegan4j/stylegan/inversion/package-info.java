/** Finding the codes, the noise and the weights that make a generator show given pictures. */
package stylegan4j.stylegan.inversion;
