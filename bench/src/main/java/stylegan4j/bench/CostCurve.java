package stylegan4j.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/**
 * What a picture costs, in time and in tensors' memory, by resolution, batch and pass (channel base 32768), beside the
 * time that its multiplications and additions would take at the processor's peak by the direct method.
 */
public final class CostCurve {
    private static final int CHANNEL_BASE = 32768;
    private static final int[] RESOLUTIONS = {64, 128, 256, 512, 1024};
    /** Activations kept for the backward pass of a larger picture are more than many machines have. */
    private static final int LARGEST_BACKWARD = 512;
    private static final int WARM_UP = 2;
    private static final int RUNS = 5;
    private static final int DPI = 144;

    /** One way to compute pictures. */
    private record Work(String name, int batch, boolean backward) {
        boolean reaches(int resolution) {
            return !backward || resolution <= LARGEST_BACKWARD;
        }
    }

    /** Medians, for one picture; the memory is the whole batch's. */
    private record Cost(int resolution, double seconds, double megabytes, double gflop) {
    }

    private static final List<Work> WORKS = List.of(new Work("synthesis, batch 1", 1, false),
            new Work("synthesis, batch 4", 4, false), new Work("forward + backward, batch 1", 1, true));

    private CostCurve() {
    }

    /** @param args JMH's results of {@link PeakBenchmark}, and the folder for {@code cost-….png} and their table */
    public static void main(String[] args) throws IOException {
        double peak = peak(Path.of(args[0]));
        XYChart time = chart("Time of a picture", "seconds");
        XYChart memory = chart("Memory of tensors", "MB");
        StringBuilder table = new StringBuilder("| work | resolution | seconds a picture | MB | floor, seconds |\n"
                + "|---|---:|---:|---:|---:|\n");
        for (Work work : WORKS) {
            List<Cost> costs = new ArrayList<>();
            for (int resolution : RESOLUTIONS) {
                if (work.reaches(resolution)) {
                    Cost cost = measure(work, resolution);
                    costs.add(cost);
                    String row = String.format(Locale.ROOT, "| %s | %d | %.3f | %.0f | %.3f |", work.name, resolution,
                            cost.seconds, cost.megabytes, cost.gflop / peak);
                    System.out.println(row);
                    table.append(row).append('\n');
                }
            }
            line(time, work.name, costs, Cost::seconds);
            line(memory, work.name, costs, Cost::megabytes);
            if (work.batch == 1) {
                XYSeries floor = line(time, "floor of " + work.name, costs, cost -> cost.gflop / peak);
                floor.setMarker(SeriesMarkers.NONE).setLineColor(work.backward ? Color.GRAY : Color.BLACK);
            }
        }
        Path folder = Path.of(args[1]);
        BitmapEncoder.saveBitmapWithDPI(time, folder.resolve("cost-time").toString(), BitmapFormat.PNG, DPI);
        BitmapEncoder.saveBitmapWithDPI(memory, folder.resolve("cost-memory").toString(), BitmapFormat.PNG, DPI);
        Files.writeString(folder.resolve("cost.md"), table);
    }

    private static double peak(Path file) throws IOException {
        JsonObject result = JsonParser.parseString(Files.readString(file)).getAsJsonArray().get(0).getAsJsonObject();
        double gflop = result.getAsJsonObject("secondaryMetrics").getAsJsonObject("gflop").getAsJsonArray("rawData")
                .get(0).getAsJsonArray().get(0).getAsDouble();
        return gflop / result.getAsJsonObject("primaryMetric").getAsJsonObject("scorePercentiles").get("0.0")
                .getAsDouble() * 1e3;
    }

    private static Cost measure(Work work, int resolution) {
        var weights = new SynthesisWeights(resolution, CHANNEL_BASE);
        float[] ws = SeededData.uniform(1, work.batch * weights.layers() * SynthesisWeights.W_DIM, 1);
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            var network = new OwnSynthesis(weights, CHANNEL_BASE, ws, work.batch, work.backward);
            double[] seconds = new double[RUNS];
            for (int run = -WARM_UP; run < RUNS; run++) {
                long start = System.nanoTime();
                if (work.backward) {
                    network.backward();
                } else {
                    network.run();
                }
                if (run >= 0) {
                    seconds[run] = (System.nanoTime() - start) * 1e-9 / work.batch;
                }
            }
            Arrays.sort(seconds);
            return new Cost(resolution, seconds[RUNS / 2], device.memory().peak() * 1e-6,
                    weights.gflop() * (work.backward ? 3 : 1));
        }
    }

    private static XYChart chart(String title, String unit) {
        XYChart chart = new XYChartBuilder().width(560).height(460).title(title).xAxisTitle("resolution")
                .yAxisTitle(unit).theme(Styler.ChartTheme.Matlab).build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setLegendPosition(
                Styler.LegendPosition.OutsideS);
        return chart;
    }

    private static XYSeries line(XYChart chart, String name, List<Cost> costs, ToDoubleFunction<Cost> value) {
        return chart.addSeries(name, costs.stream().mapToDouble(Cost::resolution).toArray(),
                costs.stream().mapToDouble(value).toArray());
    }
}
