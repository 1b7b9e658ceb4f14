/** The demonstration: held-out pictures inverted by every method, edited, and shown on one page. */
package stylegan4j.stylegan.demo;
