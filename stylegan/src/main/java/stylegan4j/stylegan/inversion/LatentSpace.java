package stylegan4j.stylegan.inversion;

/** Where codes are searched. */
public enum LatentSpace {
    /** One w for all layers. */
    W,
    /** One w for each layer. */
    W_PLUS
}
