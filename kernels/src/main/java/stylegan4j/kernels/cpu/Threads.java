package stylegan4j.kernels.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Runs numbered tasks on a fixed set of threads, the caller among them. How work is cut into tasks is the caller's
 * choice and must follow from the problem alone; then results do not depend on the number of threads.
 */
public final class Threads implements AutoCloseable {
    /** A waiting worker polls this often before it sleeps: kernels follow each other closely. */
    private static final int SPINS = 2_000;

    /** Of the process, whatever the number of pools. */
    private static final ColdStart COLD_START = ColdStart.now();

    private final Thread[] workers;
    private volatile Job current;
    private volatile boolean closed;

    /** @param count threads in all, at least 1 */
    public Threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + count);
        }
        workers = new Thread[count - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform().daemon().name("stylegan4j-" + (i + 1)).start(this::work);
        }
    }

    /** Number of threads, the caller included. */
    public int count() {
        return workers.length + 1;
    }

    /** Runs {@code body} for 0 … tasks−1 and returns when all are done; the first failure is thrown. */
    public synchronized void run(int tasks, IntConsumer body) {
        int helpers = tasks <= 1 ? 0 : COLD_START.helpers(Math.min(workers.length, tasks - 1));
        if (helpers == 0) {
            for (int i = 0; i < tasks; i++) {
                body.accept(i);
            }
            return;
        }
        Job job = new Job(tasks, body);
        current = job;
        for (int i = 0; i < helpers; i++) {
            LockSupport.unpark(workers[i]);
        }
        job.help();
        job.await();
        current = null;
    }

    private void work() {
        Job last = null;
        int idle = 0;
        while (!closed) {
            Job job = current;
            if (job != null && job != last) {
                job.help();
                last = job;
                idle = 0;
            } else if (idle++ < SPINS) {
                Thread.onSpinWait();
            } else {
                last = null;
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private static final class Job {
        private final int tasks;
        private final IntConsumer body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Job(int tasks, IntConsumer body) {
            this.tasks = tasks;
            this.body = body;
        }

        void help() {
            int task;
            while ((task = next.getAndIncrement()) < tasks) {
                try {
                    if (failure == null) {
                        body.accept(task);
                    }
                } catch (Throwable t) {
                    failure = t;
                }
                done.incrementAndGet();
            }
        }

        void await() {
            for (int spins = 0; done.get() < tasks; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    // On a busy machine the worker may be waiting for this very core.
                    Thread.yield();
                }
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            } else if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
