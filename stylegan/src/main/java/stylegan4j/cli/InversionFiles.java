package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.NewFile;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.TunedWeights;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Tensor;

/**
 * The files of pictures that were inverted at once: a folder each, the report in it written last, so that its presence
 * means that all is there.
 */
final class InversionFiles {
    /** A picture's codes, in its folder. */
    static final String CODES = "projected_w.npz";
    private static final String REPORT = "inversion.json";
    private static final String STATE = "state.safetensors";

    private final Path folder;
    private final List<String> names;
    private final String work;

    /** What becomes of tuned weights. */
    enum Tuned { HALF, EXACT, WHOLE }

    /**
     * How close a picture came.
     *
     * @param l2 mean squared difference in −1 … 1
     * @param psnr in dB
     * @param distance perceptual
     */
    record Scores(float l2, float psnr, float distance) {
    }

    /** @param work what is done, as {@link #work} tells it */
    InversionFiles(Path folder, List<String> names, String work) {
        this.folder = folder;
        this.names = names;
        this.work = work;
    }

    /** Settings (with the network) and pictures in one line: the same line stands for the same results. */
    static String work(String settings, Tensor targets) {
        float[] values = targets.toArray();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        bytes.asFloatBuffer().put(values);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
            return settings + ", pictures "
                    + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether this very work was finished before. */
    boolean areFinished() throws IOException {
        for (String name : names) {
            Path report = folder.resolve(name).resolve(REPORT);
            if (!Files.exists(report) || !work.equals(workOf(report))) {
                return false;
            }
        }
        return true;
    }

    private static String workOf(Path report) throws IOException {
        try {
            JsonObject root = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
            return root.has("work") ? root.get("work").getAsString() : null;
        } catch (JsonParseException | IllegalStateException e) {
            return null;
        }
    }

    /** Makes the folders; takes away reports and, unless it is to be gone on from, the state of earlier work. */
    void begin(boolean resume) throws IOException {
        for (String name : names) {
            Files.createDirectories(folder.resolve(name));
            Files.deleteIfExists(folder.resolve(name).resolve(REPORT));
        }
        if (!resume) {
            Files.deleteIfExists(state());
        }
    }

    /** The file of the state. */
    Path state() {
        return folder.resolve(names.getFirst()).resolve(STATE);
    }

    /**
     * What is to be written of a picture.
     *
     * @param codes and noise maps by their names in the file
     * @param losses of its steps by phase
     */
    record Found(Image target, Image made, Map<String, StoredTensor> codes, Scores scores,
                 Map<String, float[]> losses) {
    }

    /** Writes all files, and returns how close each picture came. */
    List<Scores> write(Generator base, Tensor targets, InversionResult result, PerceptualDistance distance,
                       Tuned tunedAs) throws IOException {
        Generator shows = result.generator() == base ? base : writeTuned(base, result.generator(), tunedAs);
        List<Scores> scores = new ArrayList<>();
        for (Found found : found(shows, targets, result, distance)) {
            write(folder.resolve(names.get(scores.size())), work, found);
            scores.add(found.scores);
        }
        return scores;
    }

    /** What was found for each picture of a batch. */
    static List<Found> found(Generator shows, Tensor targets, InversionResult result, PerceptualDistance distance) {
        Tensor pictures = shows.synthesis(result.codes(), result.noise());
        List<Image> made = ImageTensors.toImages(pictures);
        List<Image> wanted = ImageTensors.toImages(targets);
        float[] l2 = PixelDistance.l2(pictures, targets).toArray();
        float[] psnr = PixelDistance.psnr(pictures, targets).toArray();
        float[] apart = distance.between(pictures, targets).toArray();
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < l2.length; i++) {
            Map<String, float[]> losses = new LinkedHashMap<>();
            for (String phase : result.history().phases().keySet()) {
                losses.put(phase, l2.length == 1 ? result.history().of(phase, 0)
                        : perPicture(result, phase, i, l2.length));
            }
            found.add(new Found(wanted.get(i), made.get(i), codes(result, i), new Scores(l2[i], psnr[i], apart[i]),
                    losses));
        }
        return found;
    }

    /**
     * Writes the files of one picture, the report last.
     *
     * @param own the picture's folder, which is there
     */
    static void write(Path own, String work, Found found) throws IOException {
        Images.writePng(found.target, own.resolve("target.png"));
        Images.writePng(found.made, own.resolve("proj.png"));
        Npz.write(own.resolve(CODES), found.codes);
        writeReport(own.resolve(REPORT), work, found);
    }

    /** What is read back is what shows the pictures, so that the file gives these very ones again. */
    private Generator writeTuned(Generator base, Generator tuned, Tuned as) throws IOException {
        Path own = names.size() == 1 ? folder.resolve(names.getFirst()) : folder;
        if (as == Tuned.WHOLE) {
            NetworkWriter.writeSafetensors(own.resolve("tuned-network.safetensors"), new Networks(tuned, null, null));
            return tuned;
        }
        Path file = own.resolve("tuned.safetensors");
        TunedWeights.write(file, base, tuned, as == Tuned.HALF ? TunedWeights.Precision.HALF
                : TunedWeights.Precision.EXACT);
        return TunedWeights.read(file, base);
    }

    private static Map<String, StoredTensor> codes(InversionResult result, int i) {
        Map<String, StoredTensor> found = new LinkedHashMap<>();
        found.put(Codes.W, stored(result.codes().slice(0, i, i + 1)));
        result.noiseMaps().forEach((layer, map) -> found.put(Codes.NOISE + layer, stored(map.slice(0, i, i + 1))));
        return found;
    }

    private static StoredTensor stored(Tensor tensor) {
        return StoredTensor.of(tensor.toArray(), Arrays.stream(tensor.shape()).asLongStream().toArray());
    }

    private static void writeReport(Path file, String work, Found found) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("work", work);
        report.put("l2", found.scores.l2);
        report.put("psnr", found.scores.psnr);
        report.put("distance", found.scores.distance);
        report.put("losses", found.losses);
        String json = new GsonBuilder().serializeSpecialFloatingPointValues().setPrettyPrinting().create()
                .toJson(report);
        NewFile.write(file, path -> Files.writeString(path, json + "\n"));
    }

    /** Steps on one batch of several take turns; a picture's own are every so many. */
    private static float[] perPicture(InversionResult result, String phase, int picture, int pictures) {
        List<float[]> steps = result.history().phases().get(phase);
        int size = steps.getFirst().length;
        int turns = Math.ceilDiv(pictures, size);
        float[] losses = new float[steps.size() / turns];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = steps.get(i * turns + picture / size)[picture % size];
        }
        return losses;
    }
}
