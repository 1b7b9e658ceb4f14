/** What training, inversion and encoders minimise, and what pictures are compared by. */
package stylegan4j.stylegan.loss;
