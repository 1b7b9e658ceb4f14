package stylegan4j.stylegan.train.augment;

/**
 * Which augmentations a pipe has, as factors of its probability (stylegan2-ada-pytorch, {@code training/augment.py}:
 * AugmentPipe).
 *
 * @param xflip mirrored left to right
 * @param rotate90 turned by quarters
 * @param xint moved by whole pixels, up to an eighth of the size
 * @param scale scaled, log2 of deviation 0.2
 * @param rotate turned by any angle
 * @param aniso stretched, log2 of deviation 0.2
 * @param xfrac moved by any distance, of deviation an eighth of the size
 * @param brightness of deviation 0.2
 * @param contrast log2 of deviation 0.5
 * @param lumaflip luma mirrored
 * @param hue turned by any angle
 * @param saturation log2 of deviation 1
 * @param imgfilter four frequency bands amplified, log2 of deviation 1
 * @param noise added to pixels, deviation of deviation 0.1
 * @param cutout a grey rectangle of half the size
 */
public record AugmentSpec(double xflip, double rotate90, double xint, double scale, double rotate, double aniso,
                          double xfrac, double brightness, double contrast, double lumaflip, double hue,
                          double saturation, double imgfilter, double noise, double cutout) {
    /**
     * The official pipes: {@code blit}, {@code geom}, {@code color}, {@code filter}, {@code noise}, {@code cutout},
     * {@code bg}, {@code bgc}, {@code bgcf}, {@code bgcfn} and {@code bgcfnc}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static AugmentSpec named(String name) {
        return switch (name) {
            case "blit" -> of(true, false, false, false, false, false);
            case "geom" -> of(false, true, false, false, false, false);
            case "color" -> of(false, false, true, false, false, false);
            case "filter" -> of(false, false, false, true, false, false);
            case "noise" -> of(false, false, false, false, true, false);
            case "cutout" -> of(false, false, false, false, false, true);
            case "bg" -> of(true, true, false, false, false, false);
            case "bgc" -> of(true, true, true, false, false, false);
            case "bgcf" -> of(true, true, true, true, false, false);
            case "bgcfn" -> of(true, true, true, true, true, false);
            case "bgcfnc" -> of(true, true, true, true, true, true);
            default -> throw new IllegalArgumentException("augment: pipe expected blit, geom, color, filter, noise, "
                    + "cutout, bg, bgc, bgcf, bgcfn or bgcfnc, got " + name);
        };
    }

    private static AugmentSpec of(boolean blit, boolean geom, boolean color, boolean filter, boolean noise,
                                  boolean cutout) {
        double b = blit ? 1 : 0;
        double g = geom ? 1 : 0;
        double c = color ? 1 : 0;
        return new AugmentSpec(b, b, b, g, g, g, g, c, c, c, c, c, filter ? 1 : 0, noise ? 1 : 0, cutout ? 1 : 0);
    }
}
