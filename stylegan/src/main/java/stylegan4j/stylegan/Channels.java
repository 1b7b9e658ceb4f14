package stylegan4j.stylegan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Number of feature maps at each resolution: {@code min(base / resolution, max)}, unless said otherwise.
 *
 * @param base official {@code channel_base}
 * @param max official {@code channel_max}
 * @param exceptions numbers of another rule, by resolution; usually empty
 */
public record Channels(int base, int max, Map<Integer, Integer> exceptions) {
    /** The official networks' default, config F. */
    public static final Channels DEFAULT = new Channels(32768, 512);

    public Channels {
        if (base < 1 || max < 1) {
            throw new IllegalArgumentException("channels: channel_base and channel_max must be positive, got " + base
                    + " and " + max);
        }
        exceptions = Map.copyOf(exceptions);
    }

    public Channels(int base, int max) {
        this(base, max, Map.of());
    }

    /** The simplest rule that gives these numbers. */
    public static Channels of(Map<Integer, Integer> byResolution) {
        var sorted = new TreeMap<>(byResolution);
        int max = sorted.values().stream().mapToInt(c -> c).max().orElseThrow();
        int base = sorted.lastKey() * sorted.lastEntry().getValue();
        var rule = new Channels(base, max);
        var exceptions = new TreeMap<>(sorted);
        exceptions.entrySet().removeIf(e -> rule.at(e.getKey()) == e.getValue());
        return new Channels(base, max, exceptions);
    }

    static Channels of(Kwargs kwargs) {
        Map<Integer, Integer> exceptions = new TreeMap<>();
        var given = kwargs.part("channels");
        given.keys().forEach(key -> exceptions.put(Integer.valueOf(key), given.integer(key)));
        return new Channels(kwargs.integer("channel_base", DEFAULT.base), kwargs.integer("channel_max", DEFAULT.max),
                exceptions);
    }

    /** Exceptions, which the official code does not know, are put under {@code channels}. */
    Map<String, Object> kwargs() {
        Map<String, Object> kwargs = new LinkedHashMap<>();
        kwargs.put("channel_base", base);
        kwargs.put("channel_max", max);
        if (!exceptions.isEmpty()) {
            Map<String, Object> byResolution = new LinkedHashMap<>();
            new TreeMap<>(exceptions).forEach((resolution, n) -> byResolution.put(String.valueOf(resolution), n));
            kwargs.put("channels", byResolution);
        }
        return kwargs;
    }

    /** Feature maps at a resolution. */
    public int at(int resolution) {
        Integer exception = exceptions.get(resolution);
        return exception != null ? exception : Math.max(1, Math.min(base / resolution, max));
    }
}
