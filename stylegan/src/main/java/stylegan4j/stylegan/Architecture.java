package stylegan4j.stylegan;

import java.util.Locale;

/** How blocks of different resolution are joined (arXiv 1912.04958, figure 7). */
public enum Architecture {
    /** One after another, a picture at the last (generator) or first (discriminator) block only. */
    ORIG,
    /** A picture at every block; each is resampled and added to the next. */
    SKIP,
    /** A residual connection around every block. */
    RESNET;

    /** Looks up the official lower-case name. */
    public static Architecture named(String name) {
        for (Architecture a : values()) {
            if (a.officialName().equals(name)) {
                return a;
            }
        }
        throw new IllegalArgumentException("architecture: expected one of orig, skip, resnet, got " + name);
    }

    /** {@code orig}, {@code skip} or {@code resnet}. */
    public String officialName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
