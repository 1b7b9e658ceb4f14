package stylegan4j.kernels.cuda.library;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a search for libraries depends on, so that a test can make its own.
 *
 * @param given folders named by the user, searched first
 * @param variables environment variables
 * @param home the user's home folder
 * @param root the folder that stands for {@code /}
 * @param loader whose class path may hold libraries in jars
 */
record Surroundings(String given, Map<String, String> variables, Path home, Path root, ClassLoader loader) {
    /** Those of this process; {@code -Dstylegan4j.cuda} or {@code STYLEGAN4J_CUDA} names folders. */
    static Surroundings ofProcess() {
        String property = System.getProperty("stylegan4j.cuda");
        return new Surroundings(property != null ? property : System.getenv().getOrDefault("STYLEGAN4J_CUDA", ""),
                System.getenv(), Path.of(System.getProperty("user.home")), Path.of("/"),
                Surroundings.class.getClassLoader());
    }

    /** A variable's value, or the empty string. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** An absolute path of the system, under the root. */
    Path system(String absolute) {
        return root.resolve(absolute.substring(1));
    }
}
