package stylegan4j.stylegan.demo;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import stylegan4j.nn.NewFile;

/**
 * What the report shows. Pictures are data URIs, charts inline SVG: the page needs nothing beside itself. Names are
 * those of {@code report.mustache}.
 *
 * @param facts about the network and the machine, one a line
 * @param running what is still being done, or null when all is there
 * @param methods the columns of {@code pictures} after the original
 * @param mixColumns originals above the mixed pictures
 * @param walk an animated picture, or null
 */
record Page(List<String> facts, String running, List<MethodRow> methods, List<PictureRow> pictures,
            List<EditRow> edits, List<String> mixColumns, List<MixRow> mixes, String walk) {
    private static final String TEMPLATE = "report.mustache";

    /** A method's mean scores as text, and its losses; {@code best…} where no other method does better. */
    record MethodRow(String name, String note, List<Cell> cells, String chart) {
    }

    /** A number of the table. */
    record Cell(String text, boolean best) {
    }

    /** A picture and what each method made of it. */
    record PictureRow(String name, String original, List<Figure> figures) {
    }

    /** A picture with what stands below it. */
    record Figure(String uri, String caption, String detail) {
    }

    /** A picture and what became of it. */
    record EditRow(Figure before, List<Figure> after) {
    }

    /** A row of mixed pictures behind the one that gives the shape. */
    record MixRow(String original, List<String> pictures) {
    }

    boolean hasEdits() {
        return !edits.isEmpty();
    }

    boolean hasMixes() {
        return !mixes.isEmpty();
    }

    boolean hasMethods() {
        return !methods.isEmpty();
    }

    /** Writes the page; the file is replaced whole. */
    void write(Path file) throws IOException {
        try (Reader template = new InputStreamReader(Page.class.getResourceAsStream("/stylegan4j/demo/" + TEMPLATE),
                StandardCharsets.UTF_8)) {
            String page = Mustache.compiler().compile(template).execute(this);
            NewFile.write(file, path -> Files.writeString(path, page));
        }
    }
}
