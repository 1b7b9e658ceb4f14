package stylegan4j.kernels.cpu.map;

/** Elementary functions of floats. */
final class ScalarMath {
    private ScalarMath() {
    }

    static float exp(float x) {
        return (float) Math.exp(x);
    }

    static float expm1(float x) {
        return (float) Math.expm1(x);
    }

    static float log(float x) {
        return (float) Math.log(x);
    }

    static float sin(float x) {
        return (float) Math.sin(x);
    }

    static float cos(float x) {
        return (float) Math.cos(x);
    }

    static float tanh(float x) {
        return (float) Math.tanh(x);
    }

    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    static float softplus(float x) {
        return (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
    }
}
