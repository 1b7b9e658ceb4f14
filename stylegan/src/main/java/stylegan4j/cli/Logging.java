package stylegan4j.cli;

import java.io.PrintWriter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Sends the libraries' log to stderr, a line a record: warnings always, the rest with --verbose. */
final class Logging {
    /** Kept, as the log manager itself holds loggers weakly. */
    private static final Logger ROOT = Logger.getLogger("stylegan4j");

    private Logging() {
    }

    static void configure(PrintWriter err, boolean verbose) {
        for (Handler old : ROOT.getHandlers()) {
            ROOT.removeHandler(old);
        }
        ROOT.setUseParentHandlers(false);
        ROOT.setLevel(verbose ? Level.FINE : Level.WARNING);
        Handler handler = new Handler() {
            private final SimpleFormatter text = new SimpleFormatter();

            @Override
            public void publish(LogRecord line) {
                String kind = line.getLevel().intValue() >= Level.WARNING.intValue() ? "warning: " : "";
                err.println("stylegan4j: " + kind + text.formatMessage(line));
            }

            @Override
            public void flush() {
                err.flush();
            }

            @Override
            public void close() {
                err.flush();
            }
        };
        handler.setLevel(Level.ALL);
        ROOT.addHandler(handler);
    }
}
