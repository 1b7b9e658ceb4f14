package stylegan4j.stylegan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stylegan4j.kernels.Activation;

/** Reads the keyword arguments of an official constructor; each must be asked for, or be one without effect here. */
final class Kwargs {
    private final String owner;
    private final Map<String, ?> values;
    private final Set<String> unread;

    /** @param owner what is constructed, for messages */
    Kwargs(String owner, Map<String, ?> values) {
        this.owner = owner;
        this.values = values;
        this.unread = new HashSet<>(values.keySet());
    }

    int integer(String key) {
        if (values.get(key) == null) {
            throw new IllegalArgumentException(owner + ": argument " + key + " is missing");
        }
        return integer(key, 0);
    }

    /** The default also stands for Python's None. */
    int integer(String key, int otherwise) {
        double value = decimal(key, otherwise);
        if (value != (int) value) {
            throw unexpected(key, "a whole number");
        }
        return (int) value;
    }

    double decimal(String key, double otherwise) {
        return switch (read(key)) {
            case Number number -> number.doubleValue();
            case null -> otherwise;
            default -> throw unexpected(key, "a number");
        };
    }

    boolean flag(String key, boolean otherwise) {
        return switch (read(key)) {
            case Boolean value -> value;
            case null -> otherwise;
            default -> throw unexpected(key, "true or false");
        };
    }

    String text(String key, String otherwise) {
        return switch (read(key)) {
            case String value -> value;
            case null -> otherwise;
            default -> throw unexpected(key, "a text");
        };
    }

    Activation activation(String key, Activation otherwise) {
        return Activation.named(text(key, otherwise.name()));
    }

    float[] numbers(String key, float[] otherwise) {
        if (!(read(key) instanceof List<?> list)) {
            if (values.get(key) != null) {
                throw unexpected(key, "a list of numbers");
            }
            return otherwise;
        }
        float[] numbers = new float[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number number)) {
                throw unexpected(key, "a list of numbers");
            }
            numbers[i] = number.floatValue();
        }
        return numbers;
    }

    /** Arguments handed on to a part; empty if there are none. */
    Kwargs part(String key) {
        return switch (read(key)) {
            case Map<?, ?> map -> new Kwargs(owner + "." + key, copyOf(map));
            case null -> new Kwargs(owner + "." + key, Map.of());
            default -> throw unexpected(key, "keyword arguments");
        };
    }

    Set<String> keys() {
        return values.keySet();
    }

    static List<Double> list(float[] numbers) {
        List<Double> list = new ArrayList<>();
        for (float number : numbers) {
            list.add((double) number);
        }
        return list;
    }

    /** Passes over arguments that do not change what is computed. */
    Kwargs ignore(String... keys) {
        unread.removeAll(Set.of(keys));
        return this;
    }

    /** @throws IllegalArgumentException if an argument is left whose effect we do not know */
    void finish() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException(owner + ": unknown argument " + unread.iterator().next());
        }
    }

    private Object read(String key) {
        unread.remove(key);
        return values.get(key);
    }

    private static Map<String, Object> copyOf(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private IllegalArgumentException unexpected(String key, String expected) {
        return new IllegalArgumentException(owner + ": argument " + key + " must be " + expected + ", got "
                + values.get(key));
    }
}
