package stylegan4j.kernels.cuda.library;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every folder where CUDA's libraries may lie, in order: the user's choice, {@code CUDA_HOME} and {@code CUDA_PATH},
 * {@code LD_LIBRARY_PATH}, {@code /usr/local/cuda*}, the system's folders, the packages of every Python at hand.
 */
final class Places {
    private static final List<String> SYSTEM = List.of("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu",
            "/usr/lib64", "/lib64", "/usr/lib", "/lib", "/usr/local/lib", "/usr/local/lib64",
            "/usr/local/nvidia/lib64", "/usr/local/nvidia/lib", "/usr/lib/wsl/lib", "/run/opengl-driver/lib",
            "/opt/cuda/lib64");

    private final Surroundings surroundings;
    private final Map<Path, Place> places = new LinkedHashMap<>();

    private Places(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static List<Place> of(Surroundings surroundings) {
        return new Places(surroundings).collect();
    }

    private List<Place> collect() {
        addToolkits("given", surroundings.given());
        addToolkits("CUDA_HOME", surroundings.variable("CUDA_HOME"));
        addToolkits("CUDA_PATH", surroundings.variable("CUDA_PATH"));
        for (Path folder : paths(surroundings.variable("LD_LIBRARY_PATH"))) {
            add("LD_LIBRARY_PATH", folder);
        }
        for (Path toolkit : Globs.under(surroundings.system("/usr/local"), "cuda*")) {
            addToolkit("CUDA toolkit", toolkit);
        }
        for (Path folder : SystemFolders.configured(surroundings)) {
            add("system", folder);
        }
        for (String folder : SYSTEM) {
            add("system", surroundings.system(folder));
        }
        for (Path packages : SitePackages.of(surroundings)) {
            addPackages("Python packages", packages);
        }
        return List.copyOf(places.values());
    }

    private void addToolkits(String source, String list) {
        for (Path folder : paths(list)) {
            add(source, folder);
            addToolkit(source, folder);
            addPackages(source, folder);
        }
    }

    private void addToolkit(String source, Path toolkit) {
        add(source, toolkit.resolve("lib64"));
        add(source, toolkit.resolve("lib"));
        add(source, toolkit.resolve("targets/x86_64-linux/lib"));
    }

    private void addPackages(String source, Path packages) {
        for (Path folder : Globs.under(packages, "nvidia/*/lib")) {
            add(source, folder);
        }
    }

    private void add(String source, Path folder) {
        if (Files.isDirectory(folder)) {
            places.putIfAbsent(real(folder), new Place(source, folder.toAbsolutePath().normalize()));
        }
    }

    /** The absolute paths of a list such as {@code PATH}; relative ones would mean another folder each time. */
    static List<Path> paths(String list) {
        List<Path> paths = new ArrayList<>();
        for (String entry : list.split(File.pathSeparator)) {
            if (!entry.isBlank() && Path.of(entry).isAbsolute()) {
                paths.add(Path.of(entry));
            }
        }
        return paths;
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    /** The folders that the system's loader is told of in {@code /etc/ld.so.conf} and {@code /etc/ld.so.conf.d}. */
    private static final class SystemFolders {
        private SystemFolders() {
        }

        static List<Path> configured(Surroundings surroundings) {
            List<Path> files = new ArrayList<>(List.of(surroundings.system("/etc/ld.so.conf")));
            files.addAll(Globs.under(surroundings.system("/etc/ld.so.conf.d"), "*.conf"));
            List<Path> folders = new ArrayList<>();
            for (Path file : files) {
                for (String line : lines(file)) {
                    if (line.startsWith("/")) {
                        folders.add(surroundings.system(line.split("\\s")[0]));
                    }
                }
            }
            return folders;
        }

        private static List<String> lines(Path file) {
            try {
                return Files.isReadable(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
            } catch (IOException e) {
                return List.of();
            }
        }
    }
}
