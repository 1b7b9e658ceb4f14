// Numbers of a seed's stream: number i is lane i mod 4 of Philox 4x32-10 block i/4 (Salmon et al., SC 2011). All
// operations are integer or correctly rounded, in the CPU's order, so that the numbers are the CPU's bit for bit.
#include "grid.cuh"

constexpr int THREADS = 256;

struct RandomParams {
    float* y;
    long long seed;
    long long first;
    long long count;
    int normal;
};

DEVICE uint4 philox(unsigned long long key, unsigned long long counter) {
    unsigned k0 = (unsigned) key;
    unsigned k1 = (unsigned) (key >> 32);
    uint4 c = make_uint4((unsigned) counter, (unsigned) (counter >> 32), 0u, 0u);
#pragma unroll
    for (int round = 0; round < 10; round++) {
        unsigned long long product0 = 0xD2511F53ull * c.x;
        unsigned long long product1 = 0xCD9E8D57ull * c.z;
        c = make_uint4((unsigned) (product1 >> 32) ^ c.y ^ k0, (unsigned) product1,
                       (unsigned) (product0 >> 32) ^ c.w ^ k1, (unsigned) product0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c;
}

DEVICE float uniform(unsigned word) {
    return (float) (word >> 8) * 0x1p-24f;
}

// sqrt(-2 ln u), u in (0, 1] from the upper 31 bits and a half: u = m*2^e, ln m = f + f^2*P(f) with f = m - 1.
DEVICE float radius(unsigned word) {
    float u = fmaf((float) (word >> 1), 0x1p-31f, 0x1p-32f);
    int bits = __float_as_int(u);
    int exponent = (bits - 0x3F2AAAAB) >> 23;
    float f = __int_as_float(bits - exponent * (1 << 23)) - 1.0f;
    float p = fmaf(-0.12948963f, f, 0.14004757f);
    p = fmaf(p, f, -0.12167154f);
    p = fmaf(p, f, 0.14001161f);
    p = fmaf(p, f, -0.16682306f);
    p = fmaf(p, f, 0.20010747f);
    p = fmaf(p, f, -0.24999717f);
    p = fmaf(p, f, 0.3333321f);
    p = fmaf(p, f, -0.5f);
    float log = fmaf(p * f, f, f);
    return sqrtf(fmaf((float) exponent, -1.3862944f, -2.0f * log));
}

// A pair of normal numbers: the radius times cosine and sine of the second word's angle, quarter turn and rest.
DEVICE float2 box_muller(unsigned first, unsigned second) {
    float r = radius(first);
    int v = (int) (second >> 8);
    int quarter = (v + (1 << 21)) >> 22;
    float t = (float) (v - (quarter << 22)) * 0x1p-24f;
    float z = t * t;
    float s = fmaf(fmaf(fmaf(-75.39356f, z, 81.592354f), z, -41.341663f), z, 6.2831855f) * t;
    float c = fmaf(fmaf(fmaf(fmaf(59.202797f, z, -85.4423f), z, 64.93931f), z, -19.739208f), z, 1.0f);
    if (quarter & 1) {
        float swap = c;
        c = s;
        s = swap;
    }
    return make_float2(r * ((quarter + 1) & 2 ? -c : c), r * (quarter & 2 ? -s : s));
}

// The four numbers of one block, as far as they lie in y.
DEVICE void draw(const RandomParams& p, long long block) {
    long long at = block * 4 - p.first;  // of the block's first number in y
    uint4 w = philox((unsigned long long) p.seed, (unsigned long long) block);
    float4 v;
    if (p.normal) {
        float2 a = box_muller(w.x, w.y);
        float2 b = box_muller(w.z, w.w);
        v = make_float4(a.x, a.y, b.x, b.y);
    } else {
        v = make_float4(uniform(w.x), uniform(w.y), uniform(w.z), uniform(w.w));
    }
    if (at >= 0 && at + 4 <= p.count && (reinterpret_cast<unsigned long long>(p.y + at) & 15) == 0) {
        *(float4*) (p.y + at) = v;
        return;
    }
    float lanes[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
    for (int lane = 0; lane < 4; lane++) {
        if (at + lane >= 0 && at + lane < p.count) {
            p.y[at + lane] = lanes[lane];
        }
    }
}

KERNEL(random_numbers, RandomParams, THREADS) {
    long long first = p.first / 4;
    long long blocks = (p.first + p.count + 3) / 4 - first;
    for (long long i = global_thread(); i < blocks; i += global_threads()) {
        draw(p, first + i);
    }
}
