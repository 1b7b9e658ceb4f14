package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * The codes that pictures are tuned at.
 *
 * @param path a file with a code for each picture, in their order, or the folder of an earlier inversion, with a folder
 *     of each picture's name in it
 */
record PivotCodes(Path path) {
    private boolean isFolder() {
        return Files.isDirectory(path);
    }

    private Path fileOf(String name) throws IOException {
        Path file = path.resolve(name).resolve(InversionFiles.CODES);
        if (!Files.exists(file)) {
            throw new IOException(path + ": holds no codes of this picture, expected " + file);
        }
        return file;
    }

    /**
     * The codes [N, num_ws, w_dim] of some of the pictures.
     *
     * @param first the place of the first of them among all
     */
    Tensor read(Generator generator, List<String> names, int first) throws IOException {
        if (!isFolder()) {
            Tensor codes = Codes.read(path, generator);
            int end = first + names.size();
            if (codes.size(0) < end) {
                throw new IOException(path + ": holds " + codes.size(0) + " codes, picture " + end + " needs one more");
            }
            return codes.slice(0, first, end);
        }
        List<Tensor> codes = new ArrayList<>();
        for (String name : names) {
            Tensor own = Codes.read(fileOf(name), generator);
            if (own.size(0) != 1) {
                throw new IOException(fileOf(name) + ": expected the code of one picture, got " + own.size(0));
            }
            codes.add(own);
        }
        return Views.concat(codes, 0);
    }

    /** In words: the same ones stand for the same codes, once {@link #path} is told if it is a file. */
    String describe(List<String> names, int first) throws IOException {
        if (!isFolder()) {
            return "code " + first;
        }
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            files.add(fileOf(name));
        }
        return "codes " + FileFingerprint.of(files);
    }

    /** What describes all pictures' codes, null if each picture has a file of its own. */
    Path shared() {
        return isFolder() ? null : path;
    }
}
