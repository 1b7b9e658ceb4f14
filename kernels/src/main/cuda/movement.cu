// Fill and copy, between any strides and element types.
#include "grid.cuh"
#include "strided.cuh"

struct Fill {
    void* y;
    Layout<1> layout;
    float value;
    int type;
};

KERNEL(fill, Fill, 256) {
    float v[4] = {p.value, p.value, p.value, p.value};
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        store_group<0>(p.layout, group_of(p.layout, i), p.y, p.type, v);
    }
}

struct Copy {
    const void* x;
    void* y;
    Layout<2> layout;
    int from;
    int to;
};

template <class T>
DEVICE void move(const Copy& p) {
    T v[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<2> g = group_of(p.layout, i);
        load_group<0>(p.layout, g, static_cast<const T*>(p.x), v);
        store_group<1>(p.layout, g, static_cast<T*>(p.y), v);
    }
}

// Elements of four bytes, as they are.
KERNEL(move32, Copy, 256) { move<unsigned>(p); }

// Elements of two bytes, as they are.
KERNEL(move16, Copy, 256) { move<unsigned short>(p); }

// Conversions go through float, into int by truncation.
KERNEL(convert, Copy, 256) {
    float v[4];
    for (long long i = global_thread(); i < p.layout.groups; i += global_threads()) {
        Group<2> g = group_of(p.layout, i);
        load_group<0>(p.layout, g, p.x, p.from, v);
        store_group<1>(p.layout, g, p.y, p.to, v);
    }
}
