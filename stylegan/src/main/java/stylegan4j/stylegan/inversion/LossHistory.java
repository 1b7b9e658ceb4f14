package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;

/** Losses of an inversion's steps, by phase, in the order in which the phases ran. */
public final class LossHistory {
    private static final String LOSSES = "history/losses/";
    private static final String SIZES = "history/sizes/";

    private final Map<String, List<float[]>> phases = new LinkedHashMap<>();

    /** Of each phase the losses of each step, one a picture. */
    public Map<String, List<float[]>> phases() {
        return Collections.unmodifiableMap(phases);
    }

    /** The losses of one picture in one phase, a step an element. */
    public float[] of(String phase, int picture) {
        List<float[]> steps = phases.getOrDefault(phase, List.of());
        float[] losses = new float[steps.size()];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = steps.get(i)[picture];
        }
        return losses;
    }

    void add(String phase, float[] losses) {
        phases.computeIfAbsent(phase, p -> new ArrayList<>()).add(losses);
    }

    /** Becomes a copy of another history. */
    void assign(LossHistory other) {
        phases.clear();
        other.phases.forEach((phase, steps) -> steps.forEach(losses -> add(phase, losses)));
    }

    /** For each phase all losses in a row, and how many each step has; a number keeps the order of the phases. */
    Map<String, StoredTensor> save() {
        Map<String, StoredTensor> saved = new LinkedHashMap<>();
        phases.forEach((phase, steps) -> {
            float[] sizes = new float[steps.size()];
            int all = 0;
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = steps.get(i).length;
                all += steps.get(i).length;
            }
            float[] losses = new float[all];
            int at = 0;
            for (float[] step : steps) {
                System.arraycopy(step, 0, losses, at, step.length);
                at += step.length;
            }
            String name = String.format(Locale.ROOT, "%04d/%s", saved.size() / 2, phase);
            saved.put(LOSSES + name, StoredTensor.of(losses, losses.length));
            saved.put(SIZES + name, StoredTensor.of(sizes, sizes.length));
        });
        return saved;
    }

    static LossHistory load(Map<String, StoredTensor> saved) {
        LossHistory history = new LossHistory();
        saved.keySet().stream().filter(name -> name.startsWith(SIZES)).sorted().forEach(key -> {
            String name = key.substring(SIZES.length());
            float[] losses = saved.get(LOSSES + name).toFloats();
            int at = 0;
            for (float size : saved.get(key).toFloats()) {
                history.add(name.substring(name.indexOf('/') + 1), Arrays.copyOfRange(losses, at, at + (int) size));
                at += (int) size;
            }
        });
        return history;
    }
}
