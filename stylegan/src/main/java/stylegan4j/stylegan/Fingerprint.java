package stylegan4j.stylegan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells whether a network is the one that something else was made for. */
public final class Fingerprint {
    private Fingerprint() {
    }

    /** The SHA-256 of names and F32 values of all tensors, in hexadecimal. */
    public static String of(Generator generator) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            generator.state().forEach((name, tensor) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                float[] values = tensor.toArray();
                ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
