package stylegan4j.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on stderr; nothing where stderr is not a terminal. */
final class Progress implements AutoCloseable {
    private final ProgressBar bar;

    Progress(String task, long steps) {
        bar = System.console() == null || !System.console().isTerminal() ? null : new ProgressBarBuilder()
                .setTaskName(task).setInitialMax(steps).setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUpdateIntervalMillis(100).build();
    }

    void step() {
        if (bar != null) {
            bar.step();
        }
    }

    void stepTo(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
