package stylegan4j.kernels.cpu;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/**
 * What kernels made of a buffer's contents, such as packed or transformed weights, or pictures. The first use makes a
 * value for the moment; from the second on, when the contents have proved steady, it is kept until they change or
 * memory runs short. So inference prepares its weights once, and training, which writes them between uses, pays nothing
 * for the keeping.
 */
public final class Prepared {
    /** Makes a value. */
    @FunctionalInterface
    public interface Maker<T> {
        /** @param keep whether the value will be kept, and so needs memory of its own */
        T make(boolean keep);
    }

    private final Map<Object, SoftReference<Object>> values = new HashMap<>();

    /** The value of {@code key}, which names kind and sizes of what is made. */
    public synchronized <T> T get(Object key, Class<T> type, Maker<T> maker) {
        SoftReference<Object> kept = values.get(key);
        if (kept == null) {
            values.put(key, new SoftReference<>(null));
            return maker.make(false);
        }
        T value = type.cast(kept.get());
        if (value == null) {
            value = maker.make(true);
            values.put(key, new SoftReference<>(value));
        }
        return value;
    }

    synchronized boolean isUntouched() {
        return values.isEmpty();
    }
}
