package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.Gson;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.kernels.cpu.Simd;

/** {@code doctor} and {@code --device}, on whatever machine this is. */
class DoctorTest {
    @TempDir
    private Path folder;

    private static MachineReport report() {
        return new Gson().fromJson(CommandRun.good("doctor", "--json").out(), MachineReport.class);
    }

    private CommandRun generate(String device) {
        return CommandRun.of("generate", "--network", CommandRun.fixture("nvlabs-sg2ada-tiny.pkl"), "--seeds", "0",
                "--outdir", folder.resolve("out"), "--device", device);
    }

    @Test
    void saysWhatIsThereAndHowToGetWhatIsNot() {
        MachineReport report = report();
        assertEquals(Runtime.getRuntime().availableProcessors(), report.cpu().cores());
        assertEquals(Simd.bits(), report.cpu().vectorBits());
        assertEquals(Runtime.version().toString(), report.java().version());
        assertEquals(4, report.cuda().libraries().size());
        for (MachineReport.Library library : report.cuda().libraries()) {
            if (library.path() == null) {
                assertFalse(library.problem().isEmpty(), library.name());
                assertTrue(library.remedy().contains("install"), library.remedy());
            } else {
                assertTrue(Files.exists(Path.of(library.path())), library.path());
                assertTrue(library.version().matches("\\d+\\.\\d+.*"), library.version());
            }
        }
        assertTrue(report.cuda().searched().stream().allMatch(s -> Files.isDirectory(Path.of(s.folder()))));
    }

    @Test
    void countsNoGpuWhereThereIsNoDriver() {
        MachineReport report = report();
        assumeFalse(report.cuda().usable(), "this machine has CUDA");
        assertEquals("cpu", report.automaticDevice());
        assertTrue(report.cuda().gpus().stream().allMatch(gpu -> gpu.problem() != null));
    }

    @Test
    void printsTheSameForPeople() {
        String text = CommandRun.good("doctor").out();
        MachineReport report = report();
        assertTrue(text.contains("CUDA     " + (report.cuda().usable() ? "can be used" : "cannot be used")), text);
        for (MachineReport.Library library : report.cuda().libraries()) {
            assertTrue(text.contains(library.path() == null ? library.remedy() : library.path()), text);
        }
        assertTrue(text.contains("--device auto takes " + report.automaticDevice()), text);
    }

    @Test
    void stopsWhereCudaWasAskedForAndIsNotThere() {
        assumeFalse(report().cuda().usable(), "this machine has CUDA");
        generate("cuda").refused(1, "CUDA cannot be used", "doctor");
        generate("cuda:1").refused(1, "CUDA cannot be used");
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void refusesADeviceThatIsNone() {
        for (String device : new String[] {"tpu", "cuda:", "cuda:x", "cuda:-1", "CUDA", ""}) {
            generate(device).refused(2, "--device", "expected cpu, cuda, cuda:N or auto");
        }
    }

    @Test
    void logsWhatAutoChose() {
        CommandRun run = CommandRun.of("generate", "--network", CommandRun.fixture("nvlabs-sg2ada-tiny.pkl"), "--seeds",
                "0", "--outdir", folder, "--device", "auto", "--verbose");
        assertEquals(0, run.code(), run.errors().toString());
        assertTrue(run.errors().stream().anyMatch(line -> line.startsWith("stylegan4j: ") && line.contains("device: ")),
                run.errors().toString());
    }
}
