/** How good pictures are: single ones against their originals, and whole sets against other sets. */
package stylegan4j.stylegan.metric;
