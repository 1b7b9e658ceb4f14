package stylegan4j.golden;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import stylegan4j.stylegan.train.augment.AugmentDraws;
import stylegan4j.stylegan.train.augment.AugmentPipe;
import stylegan4j.stylegan.train.augment.AugmentSpec;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Mode;

/** ADA's augment pipe, with recorded draws or at a percentile of every distribution. */
final class AugmentSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        if (golden.config().containsKey("runs")) {
            runRecorded(golden);
        } else {
            runAtPercentiles(golden);
        }
    }

    @SuppressWarnings("unchecked")
    private static void runRecorded(GoldenCase golden) throws IOException {
        for (Map<String, Object> run : (List<Map<String, Object>>) golden.config().get("runs")) {
            String name = (String) run.get("run");
            Tensor images = images(golden.input(name + ".base"), golden.input(name + ".fine")).requiresGrad(true);
            Deque<String> names = new ArrayDeque<>((List<String>) run.get("draws"));
            var pipe = new AugmentPipe(AugmentSpec.named((String) run.get("spec")), recorded(golden, names));
            pipe.strength(((Number) run.get("p")).doubleValue());
            Tensor out = pipe.apply(images);
            golden.check(name + ".out", out);
            golden.check(name + ".dimg",
                    Autograd.grad(out.mul(golden.input(name + ".up")).sum(), List.of(images)).getFirst());
            if (!names.isEmpty()) {
                throw new AssertionError(name + ": not drawn: " + names);
            }
        }
    }

    private static AugmentDraws recorded(GoldenCase golden, Deque<String> names) {
        return new AugmentDraws() {
            @Override
            public float[] uniform(int n) {
                return next(".u", n).toArray();
            }

            @Override
            public float[] normal(int n) {
                return next(".n", n).toArray();
            }

            @Override
            public Tensor normalField(int... shape) {
                return next(".n", Arrays.stream(shape).reduce(1, (a, b) -> a * b)).reshape(shape);
            }

            private Tensor next(String kind, int n) {
                String name = names.removeFirst();
                Tensor drawn = golden.input(name);
                if (!name.endsWith(kind) || drawn.numel() != n) {
                    throw new AssertionError(name + ": " + drawn.describe() + ", asked for " + n + " of " + kind);
                }
                return drawn;
            }
        };
    }

    private static void runAtPercentiles(GoldenCase golden) throws IOException {
        Tensor all = images(golden.input("in.base"), golden.input("in.fine"));
        for (String output : golden.wanted("")) {
            int dot = output.indexOf(".p");
            if (dot > 0) {
                String spec = output.substring(0, dot);
                Tensor images = all.slice(0, 0, golden.shape(output)[0]);
                var pipe = new AugmentPipe(AugmentSpec.named(spec), new Percentile(golden, output,
                        Double.parseDouble(output.substring(dot + 2)), spec));
                pipe.strength(1);
                golden.check(output, pipe.apply(images));
            }
        }
        golden.check("Hz_geom", Tensor.of(AugmentPipe.geometricFilter(), 12));
        golden.check("Hz_fbank", Tensor.of(AugmentPipe.filterBank(), 4, 43));
    }

    private static Tensor images(Tensor base, Tensor fine) {
        return Interpolation.interpolate(base, fine.size(2), fine.size(3), Mode.NEAREST).add(fine);
    }

    /** What the official code's percentile stands for in place of each draw. */
    private static final class Percentile implements AugmentDraws {
        private final GoldenCase golden;
        private final String output;
        private final double percentile;
        private final boolean geometric;
        private final int lastNormal;
        private int normals;
        private int uniformsAfterStretching;

        Percentile(GoldenCase golden, String output, double percentile, String spec) {
            this.golden = golden;
            this.output = output;
            this.percentile = percentile;
            this.geometric = spec.equals("geom") || spec.startsWith("bg");
            this.lastNormal = spec.equals("noise") ? 0 : spec.equals("bgcfnc") ? 10 : -1;
        }

        /** The rotation after the stretching, whose draw follows the stretching's own gate, is left out. */
        @Override
        public float[] uniform(int n) {
            boolean second = geometric && normals == 2 && ++uniformsAfterStretching == 2;
            return filled(n, second ? 0.5f : (float) percentile);
        }

        @Override
        public float[] normal(int n) {
            double quantile = normals == lastNormal ? percentile : percentile * 2 - 1;
            normals++;
            return filled(n, (float) inverseErrorFunction(quantile));
        }

        @Override
        public Tensor normalField(int... shape) {
            return golden.input(output + ".rgb_noise");
        }

        private static float[] filled(int n, float value) {
            float[] values = new float[n];
            Arrays.fill(values, value);
            return values;
        }

        /** By bisection of the error function's series. */
        private static double inverseErrorFunction(double y) {
            double low = -6;
            double high = 6;
            for (int i = 0; i < 80; i++) {
                double middle = (low + high) / 2;
                if (errorFunction(middle) < y) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private static double errorFunction(double x) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 200; n++) {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return Math.abs(x) > 4 ? Math.signum(x) : sum * 2 / Math.sqrt(Math.PI);
        }
    }
}
