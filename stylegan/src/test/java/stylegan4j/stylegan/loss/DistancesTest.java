package stylegan4j.stylegan.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class DistancesTest extends OnDevice {
    /** A few roundings of numbers near 1, or of decibels near 40. */
    private static final float ROUNDING = 1e-5f;

    @Test
    void pixelDistancesOfAKnownOffset() {
        Tensor x = Tensor.zeros(2, 3, 13, 7);
        Tensor offsets = Tensor.of(new float[] {0.02f, 0.2f}, 2, 1, 1, 1);
        Tensor y = x.add(offsets);
        assertArrayEquals(new float[] {4e-4f, 4e-2f}, PixelDistance.l2(x, y).toArray(), ROUNDING * 1e-2f);
        // 10·log10(2² / 0.02²) and 10·log10(2² / 0.2²)
        assertArrayEquals(new float[] {40, 20}, PixelDistance.psnr(x, y).toArray(), 40 * ROUNDING);
        assertEquals(Float.POSITIVE_INFINITY, PixelDistance.psnr(x, x).toArray()[1]);
    }

    @Test
    void similarityIsOneForEqualPicturesAndFallsWithNoise() {
        RandomNumbers numbers = new RandomNumbers(1);
        Tensor x = numbers.uniform(2, 3, 33, 17).mul(2).sub(1);
        Tensor noise = numbers.normal(2, 3, 33, 17);
        assertArrayEquals(new float[] {1, 1}, Ssim.msSsim(x, x).toArray(), ROUNDING);
        float[] little = Ssim.msSsim(x, x.add(noise.mul(0.05))).toArray();
        float[] much = Ssim.msSsim(x, x.add(noise.mul(0.5))).toArray();
        for (int i = 0; i < 2; i++) {
            assertTrue(much[i] < little[i] && little[i] < 1, much[i] + " < " + little[i] + " < 1");
        }
    }

    @Test
    void aPictureIsComparedAsItIsAlone() {
        RandomNumbers numbers = new RandomNumbers(2);
        Tensor x = numbers.uniform(3, 3, 16, 19);
        Tensor y = x.add(numbers.normal(3, 3, 16, 19).mul(0.1));
        Tensor alone = Ssim.msSsimOfBatch(x.slice(0, 1, 2), y.slice(0, 1, 2));
        assertEquals(alone.item(), Ssim.msSsim(x, y).toArray()[1]);
    }

    @Test
    void oppositePicturesHaveNoMultiScaleSimilarity() {
        Tensor x = new RandomNumbers(3).uniform(1, 3, 32, 32).mul(2).sub(1);
        assertEquals(0, Ssim.msSsim(x, x.neg()).item());
    }

    @Test
    void refusesWhatCannotBeCompared() {
        Tensor x = Tensor.zeros(1, 3, 16, 15);
        assertEquals("msSsim: expected pictures of 16x16 or more, got F32[1, 3, 16, 15]",
                assertThrows(IllegalArgumentException.class, () -> Ssim.msSsim(x, x)).getMessage());
        Tensor y = Tensor.zeros(1, 3, 15, 16);
        assertThrows(IllegalArgumentException.class, () -> Ssim.ssim(x, y));
        assertThrows(IllegalArgumentException.class, () -> PixelDistance.l2(x, y));
    }

    @Test
    void noiseIsPunishedForPatternsOnly() {
        Tensor noise = NoiseRegularization.normalized(new RandomNumbers(4).normal(1, 1, 64, 64));
        Tensor stripes = Tensor.range(64).mul(Math.PI / 8).sin().reshape(1, 1, 1, 64).expand(1, 1, 64, 64);
        float ofNoise = NoiseRegularization.of(noise).item();
        float ofStripes = NoiseRegularization.of(NoiseRegularization.normalized(stripes)).item();
        // Chance correlations of 64² numbers are near 1/64, of the 8² of the smallest level near 1/8.
        assertTrue(ofNoise < 0.2, "noise " + ofNoise);
        assertTrue(ofStripes > 1, "stripes " + ofStripes);
    }

    @Test
    void noiseOfSeveralPicturesAndLayersIsTheSumOfEach() {
        var numbers = new RandomNumbers(6);
        List<Tensor> maps = List.of(numbers.normal(2, 1, 4, 4), numbers.normal(2, 1, 16, 16),
                numbers.normal(2, 1, 32, 32), numbers.normal(2, 1, 16, 16), numbers.normal(2, 1, 32, 16));
        float[] together = NoiseRegularization.each(maps).toArray();
        for (int picture = 0; picture < 2; picture++) {
            double sum = 0;
            for (Tensor map : maps) {
                sum += NoiseRegularization.of(map.slice(0, picture, picture + 1)).item();
            }
            assertEquals(sum, together[picture], 1e-5 * sum);
        }
    }

    @Test
    void aPyramidOfPixelsSeesHowFarAShapeIs() {
        PerceptualDistance pyramid = new PixelPyramid();
        Tensor left = bar(0);
        float near = pyramid.between(left, bar(2)).item();
        float far = pyramid.between(left, bar(12)).item();
        assertEquals(0, pyramid.between(left, left).item());
        assertTrue(near < 0.9 * far, () -> near + " and " + far);
    }

    /** A picture [1, 3, 16, 16] with a bar of two columns. */
    private static Tensor bar(int from) {
        float[] values = new float[3 * 16 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 16 >= from && i % 16 < from + 2 ? 1 : -1;
        }
        return Tensor.of(values, 1, 3, 16, 16);
    }
}
