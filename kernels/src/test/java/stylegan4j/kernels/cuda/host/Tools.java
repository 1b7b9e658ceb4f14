package stylegan4j.kernels.cuda.host;

import java.io.IOException;

/** Programs that some tests need, and that a machine may lack. */
public final class Tools {
    private Tools() {
    }

    /** Whether {@code tool --version} works here. */
    public static boolean answers(String tool) {
        try {
            return new ProcessBuilder(tool, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
