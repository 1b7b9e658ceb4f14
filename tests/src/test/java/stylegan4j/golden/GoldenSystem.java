package stylegan4j.golden;

import java.io.IOException;

/** Computes the outputs of golden cases of one kind with our code. */
@FunctionalInterface
interface GoldenSystem {
    /** Hands every output of the case to {@link GoldenCase#check}. */
    void run(GoldenCase golden) throws IOException;
}
