package stylegan4j.golden;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A golden case's NAME.json. */
record Manifest(@SerializedName("case") String name, String system, String source, String salt,
                Map<String, Object> config, Tolerance tolerance, List<Filled> parameters, List<Filled> inputs,
                List<Output> outputs) {
    private static final Gson GSON = new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    /** Elementwise bound over the rms, and a bound on the relative norm, which rarely is given. */
    record Tolerance(double rel, Double l2) {
    }

    /** A tensor to be made up, or taken from the stored ones where {@code constant} names one. */
    record Filled(String name, int[] shape, double offset, double scale, String constant) {
    }

    /**
     * A result to compare with.
     *
     * @param strayed how far the official code strays in float32: largest deviation from float64 over the rms, or null
     * @param strayedL2 relative norm of that deviation, or null
     */
    record Output(String name, int[] shape, String stored, Stats stats, @SerializedName("f32_dev") Double strayed,
                  @SerializedName("f32_l2dev") Double strayedL2) {
        boolean isSampled() {
            return stored.equals("sample");
        }
    }

    record Stats(double mean, double rms, double min, double max) {
    }

    static Manifest read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return GSON.fromJson(reader, Manifest.class);
        }
    }
}
