package stylegan4j.stylegan.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Losses over the steps of an optimisation as inline SVG: logarithmic, a line a picture, phases one after the other. */
final class LossChart {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 190;
    private static final int LEFT = 46;
    private static final int RIGHT = 8;
    private static final int TOP = 10;
    private static final int BOTTOM = 24;
    /** Points of a line at most: more cannot be told apart. */
    private static final int POINTS = 160;
    private static final double[] TICKS = {1, 2, 5};
    private static final int MOST_TICKS = 5;

    /**
     * One phase of an optimisation.
     *
     * @param losses of each step, one a picture
     */
    record Phase(String name, List<float[]> losses) {
    }

    private final List<Phase> phases;
    private final int steps;
    private final double low;
    private final double high;

    private LossChart(List<Phase> phases) {
        this.phases = phases.stream().filter(p -> !p.losses().isEmpty()).toList();
        this.steps = this.phases.stream().mapToInt(p -> p.losses().size()).sum();
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (Phase phase : this.phases) {
            for (float[] losses : phase.losses()) {
                for (float loss : losses) {
                    if (loss > 0 && Float.isFinite(loss)) {
                        least = Math.min(least, loss);
                        most = Math.max(most, loss);
                    }
                }
            }
        }
        this.low = Math.log(most > 0 ? least : 0.1);
        this.high = Math.max(low + 0.1, Math.log(most > 0 ? most : 1));
    }

    /** The chart; empty axes if there are no steps. */
    static String svg(List<Phase> phases) {
        return new LossChart(phases).draw();
    }

    private String draw() {
        var out = new StringBuilder(String.format(Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"losses by step\">", WIDTH, HEIGHT));
        for (double tick : ticks()) {
            double y = y(tick);
            out.append(String.format(Locale.ROOT, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                    + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT, WIDTH - RIGHT, y, y, LEFT - 6,
                    y + 4, text(tick)));
        }
        int start = 0;
        for (Phase phase : phases) {
            int end = start + phase.losses().size();
            if (start > 0) {
                out.append(String.format(Locale.ROOT,
                        "<line class=\"phase\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x(start), x(start), TOP,
                        HEIGHT - BOTTOM));
            }
            out.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x((start + end) / 2.0), HEIGHT - 7, escaped(phase.name()) + ", " + phase.losses().size()));
            for (int picture = 0; picture < phase.losses().getFirst().length; picture++) {
                out.append(String.format(Locale.ROOT, "<polyline class=\"line s%d\" points=\"%s\"/>", picture % 4,
                        points(phase.losses(), picture, start)));
            }
            start = end;
        }
        return out.append("</svg>").toString();
    }

    private String points(List<float[]> losses, int picture, int start) {
        List<String> points = new ArrayList<>();
        int stride = Math.max(1, losses.size() / POINTS);
        for (int i = 0; i < losses.size(); i += stride) {
            float loss = losses.get(i).length > picture ? losses.get(i)[picture] : Float.NaN;
            if (loss > 0 && Float.isFinite(loss)) {
                points.add(String.format(Locale.ROOT, "%.1f,%.1f", x(start + i), y(loss)));
            }
        }
        return String.join(" ", points);
    }

    /** Round numbers within the range, of which a few suffice. */
    private List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(low / Math.log(10)); power <= Math.ceil(high / Math.log(10)); power++) {
            for (double digit : TICKS) {
                double tick = digit * Math.pow(10, power);
                if (Math.log(tick) >= low && Math.log(tick) <= high) {
                    ticks.add(tick);
                }
            }
        }
        int stride = Math.ceilDiv(Math.max(1, ticks.size()), MOST_TICKS);
        List<Double> few = new ArrayList<>();
        for (int i = 0; i < ticks.size(); i += stride) {
            few.add(ticks.get(i));
        }
        return few;
    }

    private double x(double step) {
        return LEFT + (WIDTH - LEFT - RIGHT) * step / Math.max(1, steps);
    }

    private double y(double loss) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (Math.log(loss) - low) / (high - low);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String text(double tick) {
        return tick >= 1000 || tick < 0.001 ? String.format(Locale.ROOT, "%.0e", tick)
                : new BigDecimal(String.format(Locale.ROOT, "%.3g", tick)).stripTrailingZeros()
                        .toPlainString();
    }
}
