package stylegan4j.stylegan.encoder;

/** Methods whose whole models are kept in one official file. */
public enum EncoderKind {
    PSP("pSp"),
    E4E("e4e"),
    RESTYLE_PSP("ReStyle over pSp"),
    RESTYLE_E4E("ReStyle over e4e"),
    IDINVERT("IDInvert");

    private final String text;

    EncoderKind(String text) {
        this.text = text;
    }

    /** Whether codes are refined in several passes. */
    public boolean isIterative() {
        return this == RESTYLE_PSP || this == RESTYLE_E4E;
    }

    /** Whether the generator's noise is drawn anew at each step of a training, as published; else it is constant. */
    public boolean isTrainedWithNoise() {
        return this == PSP || this == E4E;
    }

    @Override
    public String toString() {
        return text;
    }
}
