// Walks arrays of one shape and any strides in groups of four neighbours of the inner dimension.
#pragma once
#include "grid.cuh"
#include "ops.cuh"

// Written by Layout.java. The last of the `rank` dimensions is the inner one.
template <int ARRAYS>
struct Layout {
    long long size[8];
    long long stride[ARRAYS][8];
    long long groups;
    int rank;
    int vectors; // bit i: array i's groups are aligned and dense
};

template <int ARRAYS>
struct Group {
    long long at[ARRAYS];     // of the first element
    long long stride[ARRAYS]; // between neighbours
    int n;                    // 1 to 4 elements
};

template <int ARRAYS, class Index>
DEVICE Group<ARRAYS> group_at(const Layout<ARRAYS>& layout, Index index) {
    Group<ARRAYS> g;
    int inner = layout.rank - 1;
    Index per_row = static_cast<Index>((layout.size[inner] + 3) / 4);
    Index row = index / per_row;
    long long first = static_cast<long long>(index - row * per_row) * 4;
    long long left = layout.size[inner] - first;
    g.n = left < 4 ? static_cast<int>(left) : 4;
    for (int a = 0; a < ARRAYS; a++) {
        g.stride[a] = layout.stride[a][inner];
        g.at[a] = first * g.stride[a];
    }
    for (int d = inner - 1; d >= 0; d--) {
        Index size = static_cast<Index>(layout.size[d]);
        Index next = row / size;
        long long i = static_cast<long long>(row - next * size);
        for (int a = 0; a < ARRAYS; a++) {
            g.at[a] += i * layout.stride[a][d];
        }
        row = next;
    }
    return g;
}

// Group number `index`; divisions of 32 bits where they do.
template <int ARRAYS>
DEVICE Group<ARRAYS> group_of(const Layout<ARRAYS>& layout, long long index) {
    return layout.groups <= 0x7fffffff ? group_at<ARRAYS, unsigned>(layout, static_cast<unsigned>(index))
                                       : group_at<ARRAYS, unsigned long long>(layout, index);
}

template <int A, class T, int ARRAYS>
DEVICE void load_group(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, const T* x, T (&v)[4]) {
    if (layout.vectors >> A & 1) {
        Pack<T, 4> pack = *reinterpret_cast<const Pack<T, 4>*>(x + g.at[A]);
        for (int i = 0; i < 4; i++) {
            v[i] = pack.v[i];
        }
    } else {
        for (int i = 0; i < 4; i++) {
            v[i] = x[g.at[A] + (i < g.n ? i : 0) * g.stride[A]];
        }
    }
}

template <int A, class T, int ARRAYS>
DEVICE void store_group(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, T* y, const T (&v)[4]) {
    if (layout.vectors >> A & 1) {
        Pack<T, 4> pack;
        for (int i = 0; i < 4; i++) {
            pack.v[i] = v[i];
        }
        *reinterpret_cast<Pack<T, 4>*>(y + g.at[A]) = pack;
    } else {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            if (i < g.n) { // no variable index into v, which would put it into memory
                y[g.at[A] + i * g.stride[A]] = v[i];
            }
        }
    }
}

template <int A, class T, int ARRAYS>
DEVICE void load_converted(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, const T* x, float (&v)[4]) {
    T raw[4];
    load_group<A>(layout, g, x, raw);
    for (int i = 0; i < 4; i++) {
        v[i] = to_float(raw[i]);
    }
}

// A pointer without a type, and elements read as float whatever it is.
template <int A, int ARRAYS>
DEVICE void load_group(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, const void* x, int type, float (&v)[4]) {
    if (type == TYPE_F32) {
        load_converted<A>(layout, g, static_cast<const float*>(x), v);
    } else if (type == TYPE_I32) {
        load_converted<A>(layout, g, static_cast<const int*>(x), v);
    } else if (type == TYPE_F16) {
        load_converted<A>(layout, g, static_cast<const half_t*>(x), v);
    } else {
        load_converted<A>(layout, g, static_cast<const bfloat16_t*>(x), v);
    }
}

template <int A, class T, int ARRAYS>
DEVICE void store_converted(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, void* y, const float (&v)[4]) {
    T converted[4];
    for (int i = 0; i < 4; i++) {
        converted[i] = from_float<T>(v[i]);
    }
    store_group<A>(layout, g, static_cast<T*>(y), converted);
}

template <int A, int ARRAYS>
DEVICE void store_group(const Layout<ARRAYS>& layout, const Group<ARRAYS>& g, void* y, int type, const float (&v)[4]) {
    switch (type) {
        case TYPE_F32: store_group<A>(layout, g, static_cast<float*>(y), v); break;
        case TYPE_F16: store_converted<A, half_t>(layout, g, y, v); break;
        case TYPE_BF16: store_converted<A, bfloat16_t>(layout, g, y, v); break;
        default: store_converted<A, int>(layout, g, y, v); break;
    }
}
