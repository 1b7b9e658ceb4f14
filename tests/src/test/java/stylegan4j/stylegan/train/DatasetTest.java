package stylegan4j.stylegan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.data.Batch;
import stylegan4j.stylegan.data.BatchLoader;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.MirroredDataset;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.data.ShuffledOrder;

/** Datasets give their pictures and labels, and name what is wrong with them. */
class DatasetTest {
    @TempDir
    private Path temp;

    @Test
    void aFolderAndItsArchiveHoldTheSame() throws IOException {
        Path folder = SmallPictures.folder(temp.resolve("pictures"), 3, 8);
        Path zip = SmallPictures.zip(folder, temp.resolve("pictures.zip"), null);
        try (Dataset a = PictureDataset.open(folder, false); Dataset b = PictureDataset.open(zip, false)) {
            assertEquals(3, a.size());
            assertEquals(8, a.resolution());
            assertEquals(3, a.channels());
            assertEquals(0, a.labelSize());
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(SmallPictures.picture(i, 3, 8, 8).data(), a.picture(i).data());
                assertArrayEquals(a.picture(i).data(), b.picture(i).data());
            }
        }
    }

    @Test
    void classesBecomeOneHot() throws IOException {
        Path zip = archive("{\"labels\": [[\"00/img1.png\", 4], [\"00/img0.png\", 0], [\"00/img2.png\", 1]]}");
        try (Dataset dataset = PictureDataset.open(zip, true)) {
            assertEquals(5, dataset.labelSize());
            assertArrayEquals(new float[] {1, 0, 0, 0, 0}, dataset.label(0));
            assertArrayEquals(new float[] {0, 0, 0, 0, 1}, dataset.label(1));
        }
    }

    @Test
    void vectorsStayAsTheyAre() throws IOException {
        Path zip = archive("{\"labels\": [[\"00/img0.png\", [1, 0.5]], [\"00/img1.png\", [0, 0]], "
                + "[\"00/img2.png\", [-1, 2]]]}");
        try (Dataset dataset = PictureDataset.open(zip, true)) {
            assertArrayEquals(new float[] {1, 0.5f}, dataset.label(0));
            assertArrayEquals(new float[] {-1, 2}, dataset.label(2));
        }
    }

    @Test
    void mirrorImagesComeAfter() throws IOException {
        try (Dataset dataset = new MirroredDataset(PictureDataset.open(
                SmallPictures.folder(temp.resolve("m"), 2, 8), false))) {
            assertEquals(4, dataset.size());
            Image plain = dataset.picture(1);
            Image mirrored = dataset.picture(3);
            for (int i = 0; i < plain.data().length; i++) {
                assertEquals(plain.data()[i], mirrored.data()[i / 8 * 8 + 7 - i % 8]);
            }
            assertArrayEquals(plain.data(), dataset.picture(1).data());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "7,0", "7,3", "207,12345"})
    void everyRoundIsAPermutation(int size, long seed) {
        var order = new ShuffledOrder(size, seed);
        int[] first = IntStream.range(0, size).map(order::at).toArray();
        int[] second = IntStream.range(size, 2 * size).map(order::at).toArray();
        int[] all = IntStream.range(0, size).toArray();
        assertArrayEquals(all, Arrays.stream(first).sorted().toArray());
        assertArrayEquals(all, Arrays.stream(second).sorted().toArray());
        assertArrayEquals(first, IntStream.range(0, size).map(new ShuffledOrder(size, seed)::at).toArray());
        if (size > 100) {
            assertNotEquals(Arrays.toString(first), Arrays.toString(second));
        }
    }

    @Test
    void batchesGoOnWhereTheyAreToldTo() throws IOException {
        try (Dataset dataset = PictureDataset.open(SmallPictures.folder(temp.resolve("b"), 5, 8), false);
             var all = new BatchLoader(dataset, 3, 1, 0); var later = new BatchLoader(dataset, 3, 1, 6)) {
            all.next();
            all.next();
            Batch expected = all.next();
            assertArrayEquals(expected.pixels(), later.next().pixels());
            assertTrue(expected.pixels()[0] >= -1 && expected.pixels()[0] <= 1);
        }
    }

    @Test
    void anEmptyFolderIsRefused() throws IOException {
        Path empty = Files.createDirectories(temp.resolve("empty"));
        refused(empty, false, "holds no PNG or JPEG pictures");
    }

    @ParameterizedTest
    @CsvSource({"8,16,got 16x8", "12,12,power of two", "4,4,from 8 on"})
    void impossibleSizesAreRefused(int height, int width, String says) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("sizes"));
        Images.writePng(SmallPictures.picture(0, 3, height, width), folder.resolve("a.png"));
        refused(folder, false, says);
    }

    @Test
    void aPictureUnlikeTheFirstIsNamed() throws IOException {
        Path folder = SmallPictures.folder(temp.resolve("mixed"), 2, 8);
        Images.writePng(SmallPictures.picture(0, 3, 16, 16), folder.resolve("00/img2.png"));
        Images.writePng(SmallPictures.picture(0, 1, 8, 8), folder.resolve("00/img3.png"));
        try (Dataset dataset = PictureDataset.open(folder, false)) {
            String size = assertThrows(IOException.class, () -> dataset.picture(2)).getMessage();
            assertTrue(size.contains("img2.png: expected 8x8 colour as the first picture, got 16x16 colour"), size);
            String grey = assertThrows(IOException.class, () -> dataset.picture(3)).getMessage();
            assertTrue(grey.contains("img3.png") && grey.contains("8x8 grey"), grey);
        }
    }

    @Test
    void aBrokenPictureInAnArchiveIsNamedByTheLoader() throws IOException {
        Path folder = SmallPictures.folder(temp.resolve("broken"), 3, 8);
        Path bad = folder.resolve("00/img1.png");
        Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), 45));
        Path zip = SmallPictures.zip(folder, temp.resolve("broken.zip"), null);
        try (Dataset dataset = PictureDataset.open(zip, false); var loader = new BatchLoader(dataset, 3, 0, 0)) {
            String message = assertThrows(IOException.class, loader::next).getMessage();
            assertTrue(message.contains("broken.zip") && message.contains("00/img1.png"), message);
        }
    }

    @Test
    void aFileThatIsNoArchiveIsRefused() throws IOException {
        refused(Files.writeString(temp.resolve("text.zip"), "hello"), false, "neither a folder nor a zip archive");
    }

    @Test
    void missingAndMalformedLabelsAreRefused() throws IOException {
        refused(archive(null), true, "no dataset.json");
        refused(archive("{\"labels\": null}"), true, "has no labels");
        refused(archive("{\"labels\": [[\"00/img0.png\", 1]]}"), true, "no label for 00/img1.png");
        refused(archive("{\"labels\": [[\"00/img0.png\""), true, "malformed labels");
        refused(archive("{\"labels\": [[\"00/img0.png\", -1], [\"00/img1.png\", 0], [\"00/img2.png\", 0]]}"), true,
                "class of 00/img0.png expected 0..65535, got -1");
        refused(archive("{\"labels\": [[\"00/img0.png\", 2000000000]]}"), true, "expected 0..65535");
        refused(archive("{\"labels\": 3}"), true, "malformed labels");
        refused(archive("{\"labels\": [[\"00/img0.png\", [1]], [\"00/img1.png\", [1, 2]], [\"00/img2.png\", [1]]]}"),
                true, "label of 00/img1.png has 2 numbers");
    }

    private Path archive(String json) throws IOException {
        Path folder = SmallPictures.folder(temp.resolve("labelled"), 3, 8);
        return SmallPictures.zip(folder, temp.resolve("labelled.zip"), json);
    }

    private static void refused(Path path, boolean labels, String says) {
        String message = assertThrows(IOException.class, () -> PictureDataset.open(path, labels)).getMessage();
        assertTrue(message.contains(says), message);
        assertTrue(message.contains(path.getFileName().toString()), message);
    }
}
