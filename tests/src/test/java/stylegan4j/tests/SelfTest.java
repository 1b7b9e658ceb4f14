package stylegan4j.tests;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import stylegan4j.tensor.Device;

/**
 * Runs all golden cases on one device and, on a GPU, every kernel beside the CPU's: the self-test of a distribution,
 * which needs no build tool.
 */
public final class SelfTest {
    private static final String GOLDEN = "stylegan4j\\.golden\\.GoldenTest";
    private static final String HALVES = "stylegan4j\\.golden\\.HalfRuleTest";
    private static final String KERNELS = "stylegan4j\\.kernels\\.cuda\\.\\w+OnCudaTest";

    private SelfTest() {
    }

    /** @param args the folder of test classes, then {@code cpu} or {@code cuda}; without it, a GPU if there is one */
    public static void main(String[] args) {
        Logger.getLogger("org.junit").setLevel(Level.WARNING);
        boolean cuda = args.length > 1 ? args[1].equals("cuda") : hasGpu();
        System.setProperty("golden.device", cuda ? "cuda" : "cpu");
        System.setProperty("golden.half",
                "generator-64,discriminator-64-resnet,generator-32-clamp,discriminator-32-clamp");
        try (Device device = cuda ? Device.cuda(0) : Device.cpu()) {
            System.out.println("device: " + device);
        }
        var request = LauncherDiscoveryRequestBuilder.request().selectors(selectClasspathRoots(Set.of(Path.of(args[0]))))
                .filters(cuda ? includeClassNamePatterns(GOLDEN, HALVES, KERNELS)
                        : includeClassNamePatterns(GOLDEN)).build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary, new Names());
        TestExecutionSummary result = summary.getSummary();
        result.printFailuresTo(new PrintWriter(System.out, true), 3);
        long skipped = result.getTestsAbortedCount() + result.getTestsSkippedCount();
        System.out.println(result.getTestsSucceededCount() + " passed, " + result.getTotalFailureCount() + " failed, "
                + skipped + " skipped");
        System.exit(result.getTotalFailureCount() > 0 || result.getTestsSucceededCount() == 0 ? 1 : 0);
    }

    private static boolean hasGpu() {
        try (Device device = Device.best()) {
            return device.toString().startsWith("cuda");
        }
    }

    /** Prints what fails and what is skipped, as it happens. */
    private static final class Names implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() && result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                System.out.println(result.getStatus() + " " + test.getDisplayName() + ": "
                        + result.getThrowable().map(Throwable::getMessage).orElse(""));
            }
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            System.out.println("SKIPPED " + test.getDisplayName() + ": " + reason);
        }
    }
}
