package stylegan4j.nn.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** The Python dictionary at the head of an npy array. Only the literals that such a header can hold are understood. */
record NpyHeader(StoredType dtype, boolean bigEndian, boolean fortranOrder, long[] shape) {

    static NpyHeader parse(Source source, String text) throws CheckpointException {
        var entries = new Literals(source, text).dictionary();
        if (!(entries.get("descr") instanceof String descr) || !(entries.get("fortran_order") instanceof Boolean order)
                || !(entries.get("shape") instanceof List<?> dimensions)) {
            throw source.error("npy header lacks a plain descr, fortran_order or shape");
        }
        var shape = dimensions.stream().mapToLong(d -> (Long) d).toArray();
        return new NpyHeader(dtype(source, descr), isBigEndian(descr), order, shape);
    }

    /** The element type of an array-protocol string such as {@code <f4}. */
    static StoredType dtype(Source source, String descr) throws CheckpointException {
        boolean hasOrder = !descr.isEmpty() && "<>|=".indexOf(descr.charAt(0)) >= 0;
        var dtype = StoredType.ofNumpy(hasOrder ? descr.substring(1) : descr);
        if (dtype == null) {
            throw source.error("numpy element type " + descr + " is not supported");
        }
        return dtype;
    }

    private static boolean isBigEndian(String descr) {
        return descr.startsWith(">") && !descr.endsWith("1");
    }

    private static final class Literals {
        private final Source source;
        private final String text;
        private int at;

        Literals(Source source, String text) {
            this.source = source;
            this.text = text;
        }

        HashMap<String, Object> dictionary() throws CheckpointException {
            var entries = new HashMap<String, Object>();
            expect('{');
            while (!accept('}')) {
                var key = string();
                expect(':');
                entries.put(key, value());
                if (!accept(',')) {
                    expect('}');
                    break;
                }
            }
            return entries;
        }

        private Object value() throws CheckpointException {
            char c = peek();
            if (c == '(') {
                return tuple();
            }
            if (c == '\'' || c == '"') {
                return string();
            }
            var word = word();
            return switch (word) {
                case "True" -> true;
                case "False" -> false;
                default -> throw malformed();
            };
        }

        private List<Long> tuple() throws CheckpointException {
            var values = new ArrayList<Long>();
            expect('(');
            while (!accept(')')) {
                if (values.size() == Shapes.MOST_DIMENSIONS) {
                    throw malformed();
                }
                values.add(number());
                if (!accept(',')) {
                    expect(')');
                    break;
                }
            }
            return values;
        }

        /** Python 2 wrote an L after long numbers. */
        private long number() throws CheckpointException {
            var word = word();
            try {
                return Long.parseLong(word.endsWith("L") ? word.substring(0, word.length() - 1) : word);
            } catch (NumberFormatException e) {
                throw malformed();
            }
        }

        private String string() throws CheckpointException {
            char quote = peek();
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw malformed();
            }
            var value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private String word() {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
                at++;
            }
            return text.substring(start, at);
        }

        private char peek() {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean accept(char c) {
            boolean found = peek() == c;
            at += found ? 1 : 0;
            return found;
        }

        private void expect(char c) throws CheckpointException {
            if (!accept(c)) {
                throw malformed();
            }
        }

        private CheckpointException malformed() {
            return source.error("malformed npy header at character " + at);
        }
    }
}
