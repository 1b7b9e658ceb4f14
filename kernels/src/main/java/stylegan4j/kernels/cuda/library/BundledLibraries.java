package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Libraries in jars on the class path, as bytedeco's {@code cuda …-redist} packs them. They are unpacked into the
 * private cache once, when they are found to be there.
 */
final class BundledLibraries {
    private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

    /** Ours and the parts they open by name; such jars hold gigabytes of others. */
    private static final Pattern WANTED = Pattern.compile(Pattern.quote(FOLDER) + "lib(nvrtc|cublas|cudnn)[^/]*\\.so.*");

    private final ClassLoader loader;

    BundledLibraries(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * @throws UncheckedIOException if a jar has the library and it cannot be unpacked
     */
    List<FoundLibrary> find(CudaLibrary library) {
        List<FoundLibrary> found = new ArrayList<>();
        for (int major : library.majors()) {
            URL url = loader.getResource(FOLDER + library.soname(major));
            if (url == null) {
                continue;
            }
            try {
                if (url.openConnection() instanceof JarURLConnection connection) {
                    Path jar = Path.of(connection.getJarFileURL().toURI());
                    Path folder = unpack(jar);
                    found.add(new FoundLibrary(library, major, folder.resolve(library.soname(major)),
                            "jar " + jar.getFileName()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return found;
    }

    /** The folder with all of a jar's libraries. */
    private static Path unpack(Path jar) throws IOException {
        PrivateCache cache = PrivateCache.open().subfolder(jar.getFileName() + "-" + Files.size(jar) + "-"
                + Long.toHexString(Files.getLastModifiedTime(jar).toMillis()));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(e -> WANTED.matcher(e.getName()).matches())
                    .sorted(Comparator.comparing(ZipEntry::getName)).toList();
            for (ZipEntry entry : entries) {
                Path file = cache.folder().resolve(Path.of(entry.getName()).getFileName().toString());
                if (Files.exists(file) && Files.size(file) == entry.getSize()) {
                    continue;
                }
                Path part = Files.createTempFile(cache.folder(), "library", ".part");
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                    PrivateCache.moveInto(part, file);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        }
        return cache.folder();
    }
}
