/** The domain that ships: cartoon avatars, their generator, labels and feature network. */
package stylegan4j.stylegan.avatar;
