package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;

/** Losses of an inversion's steps, by phase, in the order in which the phases ran. */
public final class LossHistory {
    private static final String PREFIX = "history/";

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

    /** {@code history/PHASE} [steps, N], with a number that keeps the order in a map that does not. */
    Map<String, StoredTensor> save() {
        Map<String, StoredTensor> saved = new LinkedHashMap<>();
        int index = 0;
        for (Map.Entry<String, List<float[]>> phase : phases.entrySet()) {
            List<float[]> steps = phase.getValue();
            int n = steps.getFirst().length;
            float[] all = new float[steps.size() * n];
            for (int i = 0; i < steps.size(); i++) {
                System.arraycopy(steps.get(i), 0, all, i * n, n);
            }
            saved.put(PREFIX + index++ + "/" + phase.getKey(), StoredTensor.of(all, steps.size(), n));
        }
        return saved;
    }

    static LossHistory load(Map<String, StoredTensor> saved) {
        LossHistory history = new LossHistory();
        saved.keySet().stream().filter(name -> name.startsWith(PREFIX)).sorted().forEach(name -> {
            StoredTensor losses = saved.get(name);
            String phase = name.substring(name.indexOf('/', PREFIX.length()) + 1);
            float[] all = losses.toFloats();
            int n = Math.toIntExact(losses.shape()[1]);
            for (int i = 0; i < losses.shape()[0]; i++) {
                float[] step = new float[n];
                System.arraycopy(all, i * n, step, 0, n);
                history.add(phase, step);
            }
        });
        return history;
    }
}
