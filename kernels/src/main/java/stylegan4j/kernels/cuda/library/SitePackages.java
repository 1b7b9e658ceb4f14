package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The package folders of every Python at hand, found without running it. */
final class SitePackages {
    private static final String PATTERN = "lib*/python3*/{site,dist}-packages";
    private static final int MOST_LINKS = 20;

    private SitePackages() {
    }

    static List<Path> of(Surroundings surroundings) {
        Set<Path> packages = new LinkedHashSet<>(Places.paths(surroundings.variable("PYTHONPATH")));
        for (Path prefix : prefixes(surroundings)) {
            packages.addAll(Globs.under(prefix, PATTERN));
        }
        packages.addAll(Globs.under(surroundings.system("/usr/lib"), "python3*/dist-packages"));
        return List.copyOf(packages);
    }

    /** Folders laid out as {@code bin}, {@code lib/python3.x}: environments, then whole installations. */
    private static Set<Path> prefixes(Surroundings surroundings) {
        Set<Path> prefixes = new LinkedHashSet<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            prefixes.addAll(Places.paths(surroundings.variable(variable)));
        }
        for (Path folder : Places.paths(surroundings.variable("PATH"))) {
            for (String name : List.of("python3", "python")) {
                prefixes.addAll(prefixesOf(folder.resolve(name)));
            }
        }
        Path home = surroundings.home();
        prefixes.add(home.resolve(".local"));
        for (String pattern : List.of("{miniconda,anaconda,miniforge,mambaforge}*", "{.venv,venv}")) {
            prefixes.addAll(Globs.under(home, pattern));
        }
        prefixes.add(surroundings.system("/usr/local"));
        for (String pattern : List.of("*", "*/{.venv,venv}")) {
            prefixes.addAll(Globs.under(surroundings.system("/opt"), pattern));
        }
        prefixes.add(surroundings.system("/usr"));
        return prefixes;
    }

    /** The prefix of an interpreter, and of each file that it is a link to: an environment links to its base. */
    private static List<Path> prefixesOf(Path interpreter) {
        List<Path> prefixes = new ArrayList<>();
        Path file = interpreter;
        for (int i = 0; i < MOST_LINKS && Files.exists(file); i++) {
            Path bin = file.getParent();
            if (bin != null && bin.getParent() != null) {
                prefixes.add(bin.getParent());
            }
            try {
                if (!Files.isSymbolicLink(file)) {
                    break;
                }
                file = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
            } catch (IOException e) {
                break;
            }
        }
        return prefixes;
    }
}
