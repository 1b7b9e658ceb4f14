package stylegan4j.kernels.cpu.sample;

import static stylegan4j.kernels.cpu.VectorWidth.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** As many pairs at once as a vector has lanes. */
final class VectorBoxMuller implements BoxMuller {
    private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class).check(int.class);
    private static final int LANES = FLOATS.length();
    /** The even or odd lanes, in the lower half and again in the upper half. */
    private static final VectorShuffle<Integer> EVEN = VectorShuffle.fromOp(INTS, lane -> 2 * lane % LANES);
    private static final VectorShuffle<Integer> ODD = VectorShuffle.fromOp(INTS, lane -> 2 * lane % LANES + 1);
    private static final VectorMask<Integer> UPPER = VectorMask.fromLong(INTS, -1L << LANES / 2);
    /** Each lane of the lower or upper half twice. */
    private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(FLOATS, lane -> lane >> 1);
    private static final VectorShuffle<Float> UPPER_TWICE =
            VectorShuffle.fromOp(FLOATS, lane -> LANES + lane >> 1);
    private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(FLOATS, 0xAAAA);

    @Override
    public void transform(int[] words, int pairs, float[] values) {
        int i = 0;
        for (; i <= pairs - LANES; i += LANES) {
            vector(words, values, 2 * i);
        }
        ScalarBoxMuller.transform(words, i, pairs, values);
    }

    private static void vector(int[] words, float[] values, int at) {
        IntVector low = IntVector.fromArray(INTS, words, at);
        IntVector high = IntVector.fromArray(INTS, words, at + LANES);
        IntVector first = low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER);
        IntVector second = low.rearrange(ODD).blend(high.rearrange(ODD), UPPER);

        FloatVector u = ((FloatVector) first.lanewise(VectorOperators.LSHR, 1).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, 0x1p-31f), FloatVector.broadcast(FLOATS, 0x1p-32f));
        IntVector bits = u.reinterpretAsInts();
        IntVector exponent = bits.sub(TWO_THIRDS).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
        FloatVector p = FloatVector.broadcast(FLOATS, P8).fma(f, FloatVector.broadcast(FLOATS, P7));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P6));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P5));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P4));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P3));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P2));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P1));
        p = p.fma(f, FloatVector.broadcast(FLOATS, P0));
        FloatVector log = p.mul(f).fma(f, f);
        FloatVector radius = ((FloatVector) exponent.convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, MINUS_TWO_LN_2), log.mul(-2)).sqrt();

        IntVector v = second.lanewise(VectorOperators.LSHR, 8);
        IntVector quarter = v.add(1 << 21).lanewise(VectorOperators.LSHR, 22);
        FloatVector t = ((FloatVector) v.sub(quarter.lanewise(VectorOperators.LSHL, 22))
                .convert(VectorOperators.I2F, 0)).mul(0x1p-24f);
        FloatVector z = t.mul(t);
        FloatVector sine = FloatVector.broadcast(FLOATS, S3).fma(z, FloatVector.broadcast(FLOATS, S2))
                .fma(z, FloatVector.broadcast(FLOATS, S1)).fma(z, FloatVector.broadcast(FLOATS, S0)).mul(t);
        FloatVector cosine = FloatVector.broadcast(FLOATS, C4).fma(z, FloatVector.broadcast(FLOATS, C3))
                .fma(z, FloatVector.broadcast(FLOATS, C2)).fma(z, FloatVector.broadcast(FLOATS, C1))
                .fma(z, FloatVector.broadcast(FLOATS, C0));

        // Bit 1 of the quarter, moved to the sign's place, negates the sine; of the quarter after it, the cosine.
        VectorMask<Float> swap = quarter.and(1).compare(VectorOperators.NE, 0).cast(FLOATS);
        IntVector negateCosine = quarter.add(1).and(2).lanewise(VectorOperators.LSHL, 30);
        IntVector negateSine = quarter.and(2).lanewise(VectorOperators.LSHL, 30);
        FloatVector c = radius.mul(cosine.blend(sine, swap)).reinterpretAsInts()
                .lanewise(VectorOperators.XOR, negateCosine).reinterpretAsFloats();
        FloatVector s = radius.mul(sine.blend(cosine, swap)).reinterpretAsInts()
                .lanewise(VectorOperators.XOR, negateSine).reinterpretAsFloats();
        c.rearrange(LOWER_TWICE).blend(s.rearrange(LOWER_TWICE), ODD_LANES).intoArray(values, at);
        c.rearrange(UPPER_TWICE).blend(s.rearrange(UPPER_TWICE), ODD_LANES).intoArray(values, at + LANES);
    }
}
