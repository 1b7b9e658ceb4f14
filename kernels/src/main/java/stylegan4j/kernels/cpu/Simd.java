package stylegan4j.kernels.cpu;

import java.lang.System.Logger;

/**
 * Decides once whether kernels use the Vector API, and how wide. The system property {@code stylegan4j.simd} is
 * {@code auto} (default), {@code off}, or a width in bits: 128, 256 or 512.
 *
 * <p>This class mentions no vector type: it loads where the incubator module is absent. Classes that do are named
 * {@code Vector…} and touched only when {@link #enabled()}.
 */
public final class Simd {
    /** Vector width in bits; 0 for plain loops. */
    private static final int BITS = choose();

    private Simd() {
    }

    public static boolean enabled() {
        return BITS > 0;
    }

    /** Width in bits: 128, 256 or 512; 0 when plain loops are used. */
    public static int bits() {
        return BITS;
    }

    private static int choose() {
        String wish = System.getProperty("stylegan4j.simd", "auto");
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        int bits = switch (wish) {
            case "off" -> 0;
            case "auto" -> present ? HardwareWidth.bits() : 0;
            case "128", "256", "512" -> {
                if (!present) {
                    throw new IllegalStateException("stylegan4j.simd=" + wish + " asks for vectors, but the JVM was "
                            + "started without --add-modules=jdk.incubator.vector");
                }
                yield Integer.parseInt(wish);
            }
            default -> throw new IllegalArgumentException(
                    "stylegan4j.simd: expected auto, off, 128, 256 or 512, got " + wish);
        };
        String reason = bits > 0 ? bits + "-bit vectors"
                : wish.equals("off") ? "plain loops (stylegan4j.simd=off)"
                : "plain loops, much slower: start the JVM with --add-modules=jdk.incubator.vector";
        System.getLogger("stylegan4j.kernels").log(bits > 0 ? Logger.Level.DEBUG : Logger.Level.INFO,
                "cpu kernels: {0}", reason);
        return bits;
    }
}
