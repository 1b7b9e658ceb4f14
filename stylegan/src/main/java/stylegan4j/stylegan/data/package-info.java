/** Pictures to train on: folders and zip archives, labels, and batches of them. */
package stylegan4j.stylegan.data;
