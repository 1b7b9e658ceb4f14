package stylegan4j.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The work of one call in 10⁹ multiplications and additions of the direct method, carried into JMH's results. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Flops {
    public double gflop;

    /**
     * A convolution of n pictures of size² with a k² kernel (stride 1, or transposed with any stride). Not public:
     * JMH would count it.
     */
    static double conv2d(int n, int in, int out, int k, int size) {
        return 2e-9 * n * in * out * k * k * size * size;
    }
}
