package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The dynamic section of a 64-bit little-endian ELF library (System V ABI, generic part, and the GNU symbol versioning
 * extension): its soname, the libraries it needs, and the versions it needs of them.
 */
final class ElfFile {
    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong XWORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int PT_LOAD = 1;
    private static final int PT_DYNAMIC = 2;
    private static final int DT_NULL = 0;
    private static final int DT_NEEDED = 1;
    private static final int DT_STRTAB = 5;
    private static final int DT_STRSZ = 10;
    private static final int DT_SONAME = 14;
    private static final int DT_VERNEED = 0x6ffffffe;
    private static final int DT_VERNEEDNUM = 0x6fffffff;

    /**
     * One version that a library needs of another.
     *
     * @param file soname of the needed library
     * @param name the version's name
     * @param hash the version's hash as stored
     * @param hashOffset where in the file the hash is stored
     * @param fileString where in the file the soname is stored
     * @param nameString where in the file the version's name is stored
     */
    record NeededVersion(String file, String name, int hash, long hashOffset, long fileString, long nameString) {
    }

    private final MemorySegment bytes;
    private final List<Long> neededStrings = new ArrayList<>();
    private final List<NeededVersion> neededVersions = new ArrayList<>();
    private long strings;
    private long stringsSize;
    private long sonameString = -1;

    private ElfFile(MemorySegment bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads the dynamic section of a library's bytes.
     *
     * @throws IOException if this is no 64-bit little-endian ELF library, or a damaged one
     */
    static ElfFile parse(MemorySegment bytes) throws IOException {
        if (bytes.byteSize() < 64 || bytes.get(WORD, 0) != 0x464c457f || bytes.get(ValueLayout.JAVA_BYTE, 4) != 2
                || bytes.get(ValueLayout.JAVA_BYTE, 5) != 1) {
            throw new IOException("not a 64-bit little-endian ELF file");
        }
        ElfFile file = new ElfFile(bytes);
        try {
            file.readDynamicSection();
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("damaged ELF file: " + e.getMessage(), e);
        }
        return file;
    }

    /** The sonames that the library at {@code path} needs; only the pages that say so are read. */
    static List<String> needed(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path); Arena arena = Arena.ofConfined()) {
            return parse(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)).needed();
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** The library's own name, or null. */
    String soname() {
        return sonameString < 0 ? null : text(sonameString);
    }

    /** Sonames of the libraries it needs, in the file's order. */
    List<String> needed() {
        return neededStrings.stream().map(this::text).toList();
    }

    /** Where in the file the names of {@link #needed} are stored. */
    List<Long> neededStrings() {
        return List.copyOf(neededStrings);
    }

    List<NeededVersion> neededVersions() {
        return List.copyOf(neededVersions);
    }

    /** Whether a string that begins at this offset of the file begins there only, and is not some other's tail. */
    boolean standsAlone(long at) {
        return at == strings || bytes.get(ValueLayout.JAVA_BYTE, at - 1) == 0;
    }

    /** The System V hash of a symbol or version name. */
    static int hash(String name) {
        int h = 0;
        for (byte c : name.getBytes(StandardCharsets.UTF_8)) {
            h = (h << 4) + (c & 0xff);
            int high = h & 0xf0000000;
            h = (h ^ high >>> 24) & ~high;
        }
        return h;
    }

    private void readDynamicSection() throws IOException {
        long dynamic = -1;
        long dynamicSize = 0;
        for (long header : programHeaders()) {
            if (bytes.get(WORD, header) == PT_DYNAMIC) {
                dynamic = bytes.get(XWORD, header + 8);
                dynamicSize = bytes.get(XWORD, header + 32);
            }
        }
        if (dynamic < 0) {
            throw new IOException("ELF file without a dynamic section");
        }
        List<Long> needed = new ArrayList<>();
        long soname = -1;
        long versions = -1;
        long versionCount = 0;
        for (long at = dynamic; at + 16 <= dynamic + dynamicSize && bytes.get(XWORD, at) != DT_NULL; at += 16) {
            long value = bytes.get(XWORD, at + 8);
            switch ((int) bytes.get(XWORD, at)) {
                case DT_NEEDED -> needed.add(value);
                case DT_SONAME -> soname = value;
                case DT_STRTAB -> strings = fileOffset(value);
                case DT_STRSZ -> stringsSize = value;
                case DT_VERNEED -> versions = fileOffset(value);
                case DT_VERNEEDNUM -> versionCount = value;
                default -> { }
            }
        }
        needed.forEach(offset -> neededStrings.add(strings + offset));
        sonameString = soname < 0 ? -1 : strings + soname;
        if (versions >= 0) {
            readNeededVersions(versions, versionCount);
        }
    }

    private void readNeededVersions(long first, long count) {
        long need = first;
        for (long i = 0; i < count; i++) {
            long fileString = strings + Integer.toUnsignedLong(bytes.get(WORD, need + 4));
            long aux = need + Integer.toUnsignedLong(bytes.get(WORD, need + 8));
            for (int j = 0; j < Short.toUnsignedInt(bytes.get(HALF, need + 2)); j++) {
                long nameString = strings + Integer.toUnsignedLong(bytes.get(WORD, aux + 8));
                neededVersions.add(new NeededVersion(text(fileString), text(nameString), bytes.get(WORD, aux), aux,
                        fileString, nameString));
                aux += Integer.toUnsignedLong(bytes.get(WORD, aux + 12));
            }
            need += Integer.toUnsignedLong(bytes.get(WORD, need + 12));
        }
    }

    private List<Long> programHeaders() {
        long table = bytes.get(XWORD, 32);
        int size = Short.toUnsignedInt(bytes.get(HALF, 54));
        int count = Short.toUnsignedInt(bytes.get(HALF, 56));
        List<Long> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(table + (long) i * size);
        }
        return headers;
    }

    /** Where the byte at a virtual address lies in the file. */
    private long fileOffset(long address) throws IOException {
        for (long header : programHeaders()) {
            long start = bytes.get(XWORD, header + 16);
            if (bytes.get(WORD, header) == PT_LOAD && address >= start
                    && address < start + bytes.get(XWORD, header + 32)) {
                return address - start + bytes.get(XWORD, header + 8);
            }
        }
        throw new IOException("damaged ELF file: address " + Long.toHexString(address) + " lies in no segment");
    }

    private String text(long at) {
        if (at < strings || at >= strings + stringsSize) {
            throw new IndexOutOfBoundsException("string at " + at + " lies outside the string table");
        }
        return bytes.asSlice(at, strings + stringsSize - at).getString(0);
    }
}
