package stylegan4j.nn.image;

/** Arithmetic of fractions stored in 8 bits, 255 standing for one. */
final class Fixed8 {
    private Fixed8() {
    }

    /** {@code a * b / 255}, rounded to the nearest. */
    static int multiply(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
