package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Makes a library bind to another major version of the libraries it needs, by rewriting their sonames where it names
 * them. Symbol versions of CUDA's libraries bear the soname too, so the hash stored with each needed version changes
 * as well. Old and new names have one length: nothing in the file moves.
 */
final class ElfAdapter {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private ElfAdapter() {
    }

    /**
     * An adapted copy of {@code library}.
     *
     * @param sonames new name by old name; names that the library does not need are ignored
     * @throws IOException if this is no 64-bit little-endian ELF library, or a name cannot be replaced in place
     */
    static byte[] adapt(byte[] library, Map<String, String> sonames) throws IOException {
        byte[] adapted = library.clone();
        MemorySegment bytes = MemorySegment.ofArray(adapted);
        ElfFile file = ElfFile.parse(MemorySegment.ofArray(library));
        for (int i = 0; i < file.needed().size(); i++) {
            rename(file, bytes, file.neededStrings().get(i), file.needed().get(i), sonames);
        }
        for (ElfFile.NeededVersion version : file.neededVersions()) {
            rename(file, bytes, version.fileString(), version.file(), sonames);
            String name = rename(file, bytes, version.nameString(), version.name(), sonames);
            bytes.set(WORD, version.hashOffset(), ElfFile.hash(name));
        }
        return adapted;
    }

    /** Writes the new name, and returns the name that is now there. */
    private static String rename(ElfFile file, MemorySegment bytes, long at, String name, Map<String, String> sonames)
            throws IOException {
        String replacement = sonames.getOrDefault(name, name);
        if (replacement.equals(name)) {
            return name;
        }
        byte[] text = replacement.getBytes(StandardCharsets.UTF_8);
        if (text.length != name.length() || !file.standsAlone(at)) {
            throw new IOException("cannot put " + replacement + " in the place of " + name);
        }
        MemorySegment.copy(MemorySegment.ofArray(text), 0, bytes, at, text.length);
        return replacement;
    }
}
