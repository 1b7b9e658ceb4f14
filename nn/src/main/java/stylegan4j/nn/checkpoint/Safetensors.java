package stylegan4j.nn.checkpoint;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes without gaps
 * (<a href="https://github.com/huggingface/safetensors#format">specification</a>).
 */
public final class Safetensors {
    private static final String METADATA = "__metadata__";
    private static final long LONGEST_HEADER = 32 << 20;
    private static final int ALIGNMENT = 8;

    private record Entry(String name, StoredType dtype, long[] shape, long begin, long end) {
    }

    private Safetensors() {
    }

    /** A pickle may have a brace in the same place, but no header length with four zero bytes before it. */
    static boolean matches(Source source) {
        return source.startsWith(8, '{') && (source.startsWith(4, 0, 0, 0, 0) || !Pickle.matches(source));
    }

    static Checkpoint read(Source source) throws CheckpointException {
        long headerSize = source.i64();
        if (headerSize < 0 || headerSize > LONGEST_HEADER || headerSize > source.remaining()) {
            throw source.error("safetensors header of " + Long.toUnsignedString(headerSize) + " bytes in a file of "
                    + source.size());
        }
        var header = text(source, source.take(headerSize));
        var metadata = new LinkedHashMap<String, String>();
        var entries = parse(source, header, metadata);
        var data = source.take(source.remaining());
        checkLayout(source, entries, data.byteSize());
        var root = new LinkedHashMap<String, Object>();
        for (var entry : entries) {
            var bytes = data.asSlice(entry.begin, entry.end - entry.begin);
            root.put(entry.name, StoredTensor.of(entry.dtype, bytes, entry.shape));
        }
        return new Checkpoint(source, "safetensors", root, Collections.unmodifiableMap(metadata));
    }

    private static String text(Source source, MemorySegment bytes) throws CheckpointException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.asByteBuffer()).toString();
        } catch (CharacterCodingException e) {
            throw source.error("safetensors header is not UTF-8");
        }
    }

    private static List<Entry> parse(Source source, String header, Map<String, String> metadata)
            throws CheckpointException {
        var entries = new LinkedHashMap<String, Entry>();
        try (var json = new JsonReader(new StringReader(header))) {
            json.setStrictness(Strictness.STRICT);
            json.setNestingLimit(8);
            json.beginObject();
            while (json.hasNext()) {
                var name = json.nextName();
                if (name.equals(METADATA)) {
                    parseMetadata(json, metadata);
                } else if (entries.put(name, parseEntry(source, name, json)) != null) {
                    throw source.error(name, "the name occurs twice");
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw source.error("safetensors header goes on after its object");
            }
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException | IllegalStateException | NumberFormatException | JsonParseException e) {
            throw source.error("malformed safetensors header: " + e.getMessage());
        }
        return new ArrayList<>(entries.values());
    }

    private static void parseMetadata(JsonReader json, Map<String, String> metadata) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
        }
        json.endObject();
    }

    private static Entry parseEntry(Source source, String name, JsonReader json) throws IOException {
        String dtypeName = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> dtypeName = json.nextString();
                case "shape" -> shape = parseLongs(json);
                case "data_offsets" -> offsets = parseLongs(json);
                default -> throw source.error(name, "unknown key at " + json.getPath());
            }
        }
        json.endObject();
        if (dtypeName == null || shape == null || offsets == null || offsets.length != 2) {
            throw source.error(name, "header entry lacks dtype, shape or two data_offsets");
        }
        var dtype = StoredType.ofSafetensors(dtypeName);
        if (dtype == null) {
            throw source.error(name, "element type " + dtypeName + " is not supported");
        }
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] parseLongs(JsonReader json) throws IOException {
        var values = new ArrayList<Long>();
        json.beginArray();
        while (json.hasNext()) {
            if (json.peek() != JsonToken.NUMBER || values.size() == Shapes.MOST_DIMENSIONS) {
                throw new IOException("expected a short list of whole numbers at " + json.getPath());
            }
            values.add(Long.parseLong(json.nextString()));
        }
        json.endArray();
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    /** The tensors must tile the data exactly, as the specification demands. */
    private static void checkLayout(Source source, List<Entry> entries, long dataBytes) throws CheckpointException {
        var sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long expected = 0;
        for (var entry : sorted) {
            if (entry.begin != expected || entry.end < entry.begin || entry.end > dataBytes) {
                throw source.error(entry.name, "data_offsets [" + entry.begin + ", " + entry.end
                        + "] leave a gap, overlap or exceed the " + dataBytes + " bytes of data");
            }
            long elements = Shapes.elements(entry.shape);
            long size = entry.end - entry.begin;
            if (elements < 0 || elements > size || elements * entry.dtype.byteSize() != size) {
                throw source.error(entry.name, entry.dtype + Arrays.toString(entry.shape)
                        + " does not take the " + size + " bytes of its data_offsets");
            }
            expected = entry.end;
        }
        if (expected != dataBytes) {
            throw source.error((dataBytes - expected) + " bytes of data belong to no tensor");
        }
    }

    /**
     * Writes tensors in the map's order, and metadata in that of their names, so that the same content makes the same
     * bytes: the order of {@link Map#of} differs from process to process.
     *
     * @param metadata text stored as {@code __metadata__}, may be empty
     */
    public static void write(Path file, Map<String, StoredTensor> tensors, Map<String, String> metadata)
            throws IOException {
        var header = header(tensors, metadata);
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
            out.write(header);
            for (var tensor : tensors.values()) {
                out.write(tensor.data());
            }
        });
    }

    private static byte[] header(Map<String, StoredTensor> tensors, Map<String, String> metadata) throws IOException {
        var text = new StringWriter();
        var json = new JsonWriter(text);
        json.beginObject();
        if (!metadata.isEmpty()) {
            json.name(METADATA).beginObject();
            for (var entry : new TreeMap<>(metadata).entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
        }
        long offset = 0;
        for (var entry : tensors.entrySet()) {
            var tensor = entry.getValue();
            json.name(entry.getKey()).beginObject();
            json.name("dtype").value(tensor.dtype().safetensorsName());
            json.name("shape").beginArray();
            for (long dimension : tensor.shape()) {
                json.value(dimension);
            }
            json.endArray();
            json.name("data_offsets").beginArray().value(offset).value(offset + tensor.byteSize()).endArray();
            json.endObject();
            offset += tensor.byteSize();
        }
        json.endObject();
        json.flush();
        var bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        var padded = Arrays.copyOf(bytes, (bytes.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }
}
