package stylegan4j.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The options on a command's line as text, by their names: what a run is started again with. */
final class GivenArguments {
    private GivenArguments() {
    }

    /** Options of a parsed command by their longest names, sorted, but for those of {@code left}, by any name. */
    static Map<String, List<String>> of(CommandLine.ParseResult parsed, Set<String> left) {
        Map<String, List<String>> given = new TreeMap<>();
        for (OptionSpec option : parsed.matchedOptions()) {
            if (Arrays.stream(option.names()).noneMatch(left::contains)) {
                given.put(option.longestName(), option.arity().max() == 0 ? List.of()
                        : List.copyOf(option.originalStringValues()));
            }
        }
        return given;
    }

    /** A line with these options. */
    static String[] line(Map<String, List<String>> given) {
        List<String> line = new ArrayList<>();
        given.forEach((name, values) -> {
            line.add(name);
            line.addAll(values);
        });
        return line.toArray(String[]::new);
    }
}
