package stylegan4j.nn.checkpoint;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills dictionaries and sets. Keys must be scalars: hashing nested containers out of a hostile pickle may take forever
 * or not end at all.
 */
final class PickleContainers {
    private PickleContainers() {
    }

    /** Adds alternating keys and values. */
    static Map<Object, Object> put(Source source, Map<Object, Object> map, List<Object> keysAndValues)
            throws CheckpointException {
        if (keysAndValues.size() % 2 != 0) {
            throw source.error("malformed pickle: dictionary key without a value");
        }
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            map.put(scalar(source, keysAndValues.get(i)), keysAndValues.get(i + 1));
        }
        return map;
    }

    static Set<Object> add(Source source, Set<Object> set, List<Object> values) throws CheckpointException {
        for (var value : values) {
            set.add(scalar(source, value));
        }
        return set;
    }

    /** The argument of {@code dict(...)}: nothing, another dictionary, or a list of pairs. */
    static Map<Object, Object> dictionary(PickleArgs args) throws CheckpointException {
        var map = new LinkedHashMap<Object, Object>();
        if (args.size() == 0) {
            return map;
        }
        if (args.values().getFirst() instanceof Map<?, ?> other) {
            args.budget().operations(args.source(), other.size());
            map.putAll(other);
            return map;
        }
        var pairs = args.list(0);
        args.budget().operations(args.source(), pairs.size());
        for (var pair : pairs) {
            if (!(pair instanceof List<?> keyAndValue) || keyAndValue.size() != 2) {
                throw args.malformed("argument 0");
            }
            map.put(scalar(args.source(), keyAndValue.get(0)), keyAndValue.get(1));
        }
        return map;
    }

    /** The argument of {@code list(...)} or {@code set(...)}: nothing or a list. */
    static List<Object> elements(PickleArgs args) throws CheckpointException {
        if (args.size() == 0) {
            return List.of();
        }
        var elements = args.list(0);
        args.budget().operations(args.source(), elements.size());
        return elements;
    }

    private static Object scalar(Source source, Object key) throws CheckpointException {
        return switch (key) {
            case String text -> text;
            case Long number -> number;
            case Double number -> number;
            case Boolean truth -> truth;
            case BigInteger number -> number;
            case null -> null;
            default -> throw source.error("pickle uses an object as a key of a dictionary or set");
        };
    }
}
