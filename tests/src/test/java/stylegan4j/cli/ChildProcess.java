package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command in a process of its own, which can be sent signals and kept short of room. */
record ChildProcess(Process process, Path log) {
    private static final int PATIENCE_SECONDS = 300;

    /** Starts a command; what it prints goes to a file. */
    static ChildProcess start(Path log, Object... args) throws IOException {
        return start(log, List.of(), args);
    }

    /** The same where no file may grow beyond some blocks of 1024 bytes: to a process, a full disk looks like that. */
    static ChildProcess startWithLittleRoom(int blocks, Path log, Object... args) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs a shell that limits file sizes");
        return start(log, List.of("/bin/bash", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "bash"), args);
    }

    private static ChildProcess start(Path log, List<String> before, Object... args) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        Arrays.stream(args).map(String::valueOf).forEach(command::add);
        return new ChildProcess(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile())
                .start(), log);
    }

    /** Waits until a file is there, sends a signal ({@code INT} is Ctrl-C), and waits for the end. */
    void signal(String name, Path when) throws IOException, InterruptedException {
        if (name.equals("INT") && ignoresInterrupts()) {
            process.destroyForcibly();
            abort("started in the background, where Ctrl-C is ignored");
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.isAlive() && !Files.exists(when) && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        assertEquals(0, new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(process.pid())).inheritIO().start()
                .waitFor(), () -> "ended before it was asked to: " + printed());
        code();
        assertTrue(Files.exists(when), () -> "no " + when + ": " + printed());
    }

    /** Whether this process, and so its children, was started with SIGINT ignored, as shells do in the background. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status) && Files.readAllLines(status).stream().filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1L << 1) != 0);
    }

    /** Waits for the end, and returns the exit code. */
    int code() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> "does not end: " + printed());
        return process.exitValue();
    }

    /** What it printed. */
    String printed() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
