/** Translation of pictures, sketches and label maps into pictures of a generator's domain by an encoder (pSp). */
package stylegan4j.stylegan.translation;
