/** Pretrained networks whose features tell how alike pictures are, read from their official files. */
package stylegan4j.stylegan.feature;
