// Elementary functions of floats, step for step those of the CPU (kernels.cpu.map.ScalarMath), so that both give the
// same bits: every multiply-add is an explicit fmaf, and no product stands where a compiler may contract it otherwise.
#pragma once

DEVICE float infinity() {
    return __int_as_float(0x7f800000);
}

DEVICE float not_a_number() {
    return __int_as_float(0x7fffffff);
}

DEVICE float power_of_two(int exponent) {
    return __int_as_float((exponent + 127) << 23);
}

// e^(x - k*log 2) - 1
DEVICE float reduced_expm1(float x, float k) {
    float r = fmaf(k, -1.428606765330187e-06f, fmaf(k, -0.693145751953125f, x));
    float q = fmaf(r, 0.001394649618305266f, 0.00836661085486412f);
    q = fmaf(r, fmaf(r, fmaf(r, q, 0.04166628047823906f), 0.1666654348373413f), 0.5f);
    return fmaf(r * r, q, r);
}

// Adding 1.5*2^23 rounds to a whole number, found in the sum's lowest bits.
constexpr float ROUNDER = 12582912.0f;
constexpr int ROUNDER_BITS = 0x4b400000;
constexpr float LOG2_E = 1.4426950216293335f;

DEVICE float exponential(float x) {
    if (x > 88.72284f) {
        return infinity();
    }
    if (x < -104.0f) {
        return 0.0f;
    }
    float rounded = fmaf(x, LOG2_E, ROUNDER);
    int k = __float_as_int(rounded) - ROUNDER_BITS;
    // Two factors: their product alone may lie outside the range of floats.
    return (reduced_expm1(x, rounded - ROUNDER) + 1.0f) * power_of_two(k >> 1) * power_of_two(k - (k >> 1));
}

// e^x - 1 for x <= 88
DEVICE float exponential_minus1(float x) {
    float bounded = x < -30.0f ? -30.0f : x;
    float rounded = fmaf(bounded, LOG2_E, ROUNDER);
    float scale = power_of_two(__float_as_int(rounded) - ROUNDER_BITS);
    return fmaf(scale, reduced_expm1(bounded, rounded - ROUNDER), scale - 1.0f);
}

DEVICE float logarithm(float x) {
    if (!(x > 0.0f) || x == infinity()) {
        return x == 0.0f ? -infinity() : x > 0.0f ? x : not_a_number();
    }
    bool subnormal = x < 1.17549435e-38f;
    int bits = __float_as_int(subnormal ? x * 16777216.0f : x) + (0x3f800000 - 0x3f3504f3);
    float k = (float) ((bits >> 23) - (subnormal ? 127 + 24 : 127));
    float f = __int_as_float((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
    float s = f / (f + 2.0f);
    float z = s * s;
    float r = z * fmaf(z, fmaf(z, fmaf(z, 0.23583568632602692f, 0.28537237644195557f), 0.4000033736228943f),
                       0.6666666269302368f);
    float half_square = f * f * 0.5f;
    float low = fmaf(s, __fadd_rn(half_square, r), fmaf(k, 1.428606765330187e-06f, -half_square));
    return fmaf(k, 0.693145751953125f, f + low);
}

// sin(x + quarters*pi/2)
DEVICE float sine(float x, int quarters) {
    if (!(fabsf(x) <= 32768.0f)) {
        return (float) (quarters == 0 ? sin((double) x) : cos((double) x));
    }
    float rounded = fmaf(x, 0.6366197466850281f, ROUNDER);
    int quadrant = __float_as_int(rounded) + quarters;
    float k = rounded - ROUNDER;
    float r = fmaf(k, 1.7151245100058819e-15f, fmaf(k, 4.371138828673793e-08f, fmaf(k, -1.5707963705062866f, x)));
    float z = r * r;
    float value = (quadrant & 1) == 0
            ? fmaf(r * z, fmaf(z, fmaf(z, -0.00019516977772582322f, 0.008332176133990288f), -0.16666655242443085f), r)
            : fmaf(z * z, fmaf(z, fmaf(z, 2.443809171381872e-05f, -0.0013887364184483886f), 0.04166664555668831f),
                   fmaf(z, -0.5f, 1.0f));
    return (quadrant & 2) == 0 ? value : -value;
}

DEVICE float hyperbolic_tangent(float x) {
    float twice = fabsf(x) * 2.0f;
    float t = exponential_minus1(twice > 20.0f ? 20.0f : twice);
    return copysignf(t / (t + 2.0f), x);
}

// 1 / (1 + e^-x)
DEVICE float logistic(float x) {
    float e = exponential(-fabsf(x));
    return (x < 0.0f ? e : 1.0f) / (e + 1.0f);
}

// log(1 + e^x)
DEVICE float softplus(float x) {
    float e = exponential(-fabsf(x));
    float u = e + 1.0f;
    float lost = (e - (u - 1.0f)) / u;
    return (x > 0.0f ? x : 0.0f) + (logarithm(u) + lost);
}
