package stylegan4j.golden;

import java.util.List;
import java.util.Map;

/** Reads the arguments of the official resampling functions. */
final class Configs {
    private Configs() {
    }

    static int integer(Map<String, Object> config, String key, int otherwise) {
        return config.get(key) == null ? otherwise : ((Number) config.get(key)).intValue();
    }

    static boolean flag(Map<String, Object> config, String key) {
        return Boolean.TRUE.equals(config.get(key));
    }

    static float number(Map<String, Object> config, String key, float otherwise) {
        return config.get(key) == null ? otherwise : ((Number) config.get(key)).floatValue();
    }

    /** A factor as {x, y}, given as a number or a list. */
    static int[] pair(Map<String, Object> config, String key) {
        return switch (config.get(key)) {
            case List<?> list -> new int[] {((Number) list.get(0)).intValue(), ((Number) list.get(1)).intValue()};
            case Number n -> new int[] {n.intValue(), n.intValue()};
            case null, default -> new int[] {1, 1};
        };
    }

    /** Padding as {x0, x1, y0, y1}, given as a number, a pair or four. */
    static int[] padding(Map<String, Object> config, String key) {
        int[] given = config.get(key) instanceof List<?> list
                ? list.stream().mapToInt(v -> ((Number) v).intValue()).toArray()
                : new int[] {integer(config, key, 0)};
        return switch (given.length) {
            case 1 -> new int[] {given[0], given[0], given[0], given[0]};
            case 2 -> new int[] {given[0], given[0], given[1], given[1]};
            default -> given;
        };
    }

    /** The taps of a one-dimensional filter. */
    static float[] taps(Object list) {
        List<?> values = (List<?>) list;
        float[] taps = new float[values.size()];
        for (int i = 0; i < taps.length; i++) {
            taps[i] = ((Number) values.get(i)).floatValue();
        }
        return taps;
    }
}
