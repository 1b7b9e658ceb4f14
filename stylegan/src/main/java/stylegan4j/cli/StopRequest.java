package stylegan4j.cli;

import java.util.concurrent.CountDownLatch;

/** Ctrl-C, and the signal that ends a process, as a wish: the JVM waits until this is closed. */
final class StopRequest implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::request, "stop-request");
    private volatile boolean made;

    StopRequest() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void request() {
        made = true;
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether someone wants this to end. */
    boolean isMade() {
        return made;
    }

    @Override
    public void close() {
        closed.countDown();
        if (!made) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The end began this very moment, and the hook no longer waits.
                made = true;
            }
        }
    }
}
