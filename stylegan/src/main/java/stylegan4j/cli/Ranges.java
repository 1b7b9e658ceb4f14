package stylegan4j.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Whole numbers as the official scripts write them: a list of numbers and ranges, such as {@code 0,3-5}.
 *
 * @param values in the order given
 */
record Ranges(List<Long> values) {
    /** More numbers than anyone means: a mistyped range. */
    private static final int MOST = 1_000_000;
    private static final long LARGEST = 0xFFFF_FFFFL;

    /** A list that means nothing, or numbers outside the range: bad input, where a wrong option is wrong usage. */
    static final class Refused extends TypeConversionException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    long[] toArray() {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** Reads ranges of numbers from 0 to 2³² − 1, which is what NumPy takes as a seed. */
    static final class Converter implements ITypeConverter<Ranges> {
        @Override
        public Ranges convert(String text) {
            List<Long> values = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String[] ends = part.strip().split("-", 2);
                long first = number(ends[0], text);
                long last = ends.length == 2 ? number(ends[1], text) : first;
                if (last < first || last - first >= MOST - values.size()) {
                    throw new Refused("range " + part.strip() + " is "
                            + (last < first ? "empty" : "too long"));
                }
                for (long v = first; v <= last; v++) {
                    values.add(v);
                }
            }
            return new Ranges(List.copyOf(values));
        }

        private static long number(String text, String all) {
            try {
                long value = Long.parseLong(text.strip());
                if (value >= 0 && value <= LARGEST) {
                    return value;
                }
                throw new Refused(text.strip() + " is outside 0 to " + LARGEST);
            } catch (NumberFormatException e) {
                throw new Refused("expected numbers and ranges such as 0,3-5, got " + all);
            }
        }
    }
}
