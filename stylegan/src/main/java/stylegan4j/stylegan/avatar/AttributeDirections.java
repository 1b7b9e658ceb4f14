package stylegan4j.stylegan.avatar;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Tensor;

/** Directions of a generator's W, each of which changes an attribute ({@link DirectionFinder}). */
public final class AttributeDirections {
    private static final String FACTS = "directions";
    private static final TypeToken<Map<String, Facts>> FACTS_TYPE = new TypeToken<>() { };

    /**
     * One direction.
     *
     * @param attribute what it changes
     * @param normal [w_dim], of norm 1, pointing to where the attribute is
     * @param spread standard deviation of W along it
     * @param accuracy share of unseen samples on the right side of the hyperplane, both kinds counted alike
     */
    public record Direction(EditableAttribute attribute, float[] normal, double spread, double accuracy) {
        /**
         * Codes moved along the direction.
         *
         * @param codes [N, num_ws, w_dim]
         * @param amount in units of the spread, negative to take the attribute away
         * @throws IllegalArgumentException if the codes are of another size
         */
        public Tensor apply(Tensor codes, double amount) {
            if (codes.rank() != 3 || codes.size(2) != normal.length) {
                throw new IllegalArgumentException("direction " + attribute.text() + ": expected codes [N, num_ws, "
                        + normal.length + "], got " + codes.describe());
            }
            return codes.add(Tensor.of(normal, 1, 1, normal.length).mul(amount * spread));
        }
    }

    private record Facts(double spread, double accuracy) {
    }

    private final List<Direction> directions;

    public AttributeDirections(List<Direction> directions) {
        this.directions = List.copyOf(directions);
    }

    public List<Direction> all() {
        return directions;
    }

    /**
     * Loads a file that {@link #save} wrote.
     *
     * @throws CheckpointException if it is of another kind
     */
    public static AttributeDirections load(Path file) throws IOException {
        return of(Checkpoints.read(file));
    }

    static AttributeDirections of(Checkpoint checkpoint) throws CheckpointException {
        String json = checkpoint.metadata().get(FACTS);
        if (json == null) {
            throw new CheckpointException(checkpoint.file(), "holds no attribute directions (no " + FACTS
                    + " in its metadata)");
        }
        try {
            List<Direction> directions = new ArrayList<>();
            new Gson().fromJson(json, FACTS_TYPE).forEach((name, facts) -> directions.add(new Direction(
                    EditableAttribute.named(name), checkpoint.tensors().get(name).toFloats(), facts.spread(),
                    facts.accuracy())));
            return new AttributeDirections(directions);
        } catch (JsonParseException | NullPointerException | IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.file(), "malformed attribute directions: " + e.getMessage());
        }
    }

    /** Writes them in half precision. */
    public void save(Path file) throws IOException {
        Map<String, StoredTensor> normals = new LinkedHashMap<>();
        Map<String, Facts> facts = new LinkedHashMap<>();
        for (Direction d : directions) {
            normals.put(d.attribute().text(), StoredTensor.of(d.normal(), d.normal().length).toHalf());
            facts.put(d.attribute().text(), new Facts(d.spread(), d.accuracy()));
        }
        Safetensors.write(file, normals, Map.of(FACTS, new Gson().toJson(facts)));
    }
}
