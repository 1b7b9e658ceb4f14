package stylegan4j.kernels.cuda.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The adapter on JCuda's real natives. */
class ElfAdapterTest {
    private static byte[] natives(String name) throws IOException {
        try (InputStream in = ElfAdapterTest.class.getResourceAsStream("/lib/lib" + name + "-linux-x86_64.so")) {
            return in.readAllBytes();
        }
    }

    private static ElfFile parse(byte[] bytes) throws IOException {
        return ElfFile.parse(MemorySegment.ofArray(bytes));
    }

    @ParameterizedTest
    @CsvSource({"JNvrtc-12.6.0,libnvrtc.so.12,libnvrtc.so.13", "JCublas2-12.6.0,libcublas.so.12,libcublas.so.13",
        "JCudnn-11.7.0,libcudnn.so.8,libcudnn.so.9"})
    void bindsToTheOtherMajorVersion(String name, String old, String wanted) throws IOException {
        byte[] original = natives(name);
        ElfFile before = parse(original);
        assertTrue(before.needed().contains(old));

        ElfFile after = parse(ElfAdapter.adapt(original, Map.of(old, wanted)));
        assertEquals(before.needed().stream().map(n -> n.equals(old) ? wanted : n).toList(), after.needed());
        assertEquals(before.soname(), after.soname());
        List<ElfFile.NeededVersion> versions = after.neededVersions();
        assertEquals(before.neededVersions().size(), versions.size());
        assertTrue(versions.stream().anyMatch(v -> v.file().equals(wanted) && v.name().equals(wanted)));
        assertFalse(versions.stream().anyMatch(v -> v.file().equals(old) || v.name().equals(old)));
        versions.forEach(v -> assertEquals(ElfFile.hash(v.name()), v.hash(), v.toString()));
    }

    @ParameterizedTest
    @CsvSource({"JNvrtc-12.6.0,libnvrtc.so.12,libnvrtc.so.13", "JCudnn-11.7.0,libcudnn.so.8,libcudnn.so.9"})
    void changesNothingElse(String name, String old, String wanted) throws IOException {
        byte[] original = natives(name);
        byte[] adapted = ElfAdapter.adapt(original, Map.of(old, wanted));
        int changed = 0;
        for (int i = 0; i < original.length; i++) {
            changed += original[i] == adapted[i] ? 0 : 1;
        }
        // The last letter of one soname, which the need and its version share, and at most 32 bits of one hash.
        assertTrue(changed >= 2 && changed <= 1 + Integer.BYTES, changed + " bytes");
    }

    @Test
    void leavesALibraryAloneThatNeedsNoneOfTheNames() throws IOException {
        byte[] driver = natives("JCudaDriver-12.6.0");
        assertTrue(parse(driver).needed().contains("libcuda.so.1"));
        assertArrayEquals(driver, ElfAdapter.adapt(driver, Map.of("libnvrtc.so.12", "libnvrtc.so.13")));
    }

    @Test
    void adaptsBackAgain() throws IOException {
        byte[] original = natives("JCublas2-12.6.0");
        byte[] there = ElfAdapter.adapt(original, Map.of("libcublas.so.12", "libcublas.so.13"));
        assertFalse(Arrays.equals(original, there));
        assertArrayEquals(original, ElfAdapter.adapt(there, Map.of("libcublas.so.13", "libcublas.so.12")));
    }

    @Test
    void refusesANameOfAnotherLength() throws IOException {
        byte[] original = natives("JCudnn-11.7.0");
        IOException e = assertThrows(IOException.class,
                () -> ElfAdapter.adapt(original, Map.of("libcudnn.so.8", "libcudnn.so.10")));
        assertEquals("cannot put libcudnn.so.10 in the place of libcudnn.so.8", e.getMessage());
    }

    @Test
    void refusesWhatIsNoLibrary() throws IOException {
        byte[] original = natives("JNvrtc-12.6.0");
        assertThrows(IOException.class, () -> parse(new byte[0]));
        assertThrows(IOException.class, () -> parse("#!/bin/sh\n".repeat(20).getBytes()));
        assertThrows(IOException.class, () -> parse(Arrays.copyOf(original, 64)));
        assertThrows(IOException.class, () -> parse(Arrays.copyOf(original, original.length / 3)));
        byte[] class32 = original.clone();
        class32[4] = 1;
        assertThrows(IOException.class, () -> parse(class32));
    }

    /** Values of the System V ABI's function, as the GNU linker stores them. */
    @Test
    void hashesAsTheLinkerDoes() {
        assertEquals(0x09691a75, ElfFile.hash("GLIBC_2.2.5"));
        assertEquals(0x0d696914, ElfFile.hash("GLIBC_2.4"));
        assertEquals(0, ElfFile.hash(""));
    }
}
