// Turns an array of keys around: which items have key k, in ascending order. With it, sums over scattered targets run
// as one thread a target, in the order of the items, so that results are the same every time. The counts are integers:
// the atomic operations on them cannot change a result, and the order in which they fill a bucket is sorted away.
#include "grid.cuh"

constexpr int THREADS = 256;
constexpr int PER_THREAD = 8;
constexpr int TILE = THREADS * PER_THREAD;

struct BucketParams {
    const int* keys;  // -1 for items that no bucket takes
    int* counts;      // [buckets], zero at first and again in the end
    int* starts;      // [buckets + 1]
    int* totals;      // a sum for each tile of counts
    int* items;
    int item_count;
    int bucket_count;
    int tile_count;
};

KERNEL(count_buckets, BucketParams, THREADS) {
    for (long long i = global_thread(); i < p.item_count; i += global_threads()) {
        if (p.keys[i] >= 0) {
            atomicAdd(&p.counts[p.keys[i]], 1);
        }
    }
}

// Sum of the values of the threads before this one; total gets the sum of all.
DEVICE int sum_before(int value, int* total) {
    __shared__ int sums[2][THREADS];
    int t = threadIdx.x;
    int from = 0;
    sums[0][t] = value;
    __syncthreads();
    for (int step = 1; step < THREADS; step *= 2) {
        sums[1 - from][t] = sums[from][t] + (t >= step ? sums[from][t - step] : 0);
        from = 1 - from;
        __syncthreads();
    }
    *total = sums[from][THREADS - 1];
    int before = t > 0 ? sums[from][t - 1] : 0;
    __syncthreads();
    return before;
}

// Running sums within each tile of counts.
KERNEL(sum_tiles, BucketParams, THREADS) {
    long long first = (long long) blockIdx.x * TILE + threadIdx.x * PER_THREAD;
    int own = 0;
    for (int k = 0; k < PER_THREAD; k++) {
        own += first + k < p.bucket_count ? p.counts[first + k] : 0;
    }
    int total;
    int sum = sum_before(own, &total);
    for (int k = 0; k < PER_THREAD; k++) {
        if (first + k < p.bucket_count) {
            p.starts[first + k] = sum;
            sum += p.counts[first + k];
        }
    }
    if (threadIdx.x == 0) {
        p.totals[blockIdx.x] = total;
    }
}

// Running sums of the tiles' totals, by one block; the end of the last bucket is their sum.
KERNEL(sum_totals, BucketParams, THREADS) {
    int carry = 0;
    for (int first = 0; first < p.tile_count; first += THREADS) {
        int tile = first + threadIdx.x;
        int total;
        int sum = sum_before(tile < p.tile_count ? p.totals[tile] : 0, &total);
        if (tile < p.tile_count) {
            p.totals[tile] = carry + sum;
        }
        carry += total;
    }
    if (threadIdx.x == 0) {
        p.starts[p.bucket_count] = carry;
    }
}

KERNEL(add_totals, BucketParams, THREADS) {
    for (long long i = global_thread(); i < p.bucket_count; i += global_threads()) {
        p.starts[i] += p.totals[i / TILE];
    }
}

KERNEL(fill_buckets, BucketParams, THREADS) {
    for (long long i = global_thread(); i < p.item_count; i += global_threads()) {
        int key = p.keys[i];
        if (key >= 0) {
            p.items[p.starts[key] + atomicAdd(&p.counts[key], -1) - 1] = (int) i;
        }
    }
}

DEVICE void insertion_sort(int* items, int n) {
    for (int i = 1; i < n; i++) {
        int item = items[i];
        int at = i;
        for (; at > 0 && items[at - 1] > item; at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
}

DEVICE void sift_down(int* items, int at, int n) {
    int item = items[at];
    for (int child = 2 * at + 1; child < n; child = 2 * at + 1) {
        if (child + 1 < n && items[child + 1] > items[child]) {
            child++;
        }
        if (items[child] <= item) {
            break;
        }
        items[at] = items[child];
        at = child;
    }
    items[at] = item;
}

DEVICE void heap_sort(int* items, int n) {
    for (int at = n / 2 - 1; at >= 0; at--) {
        sift_down(items, at, n);
    }
    for (int end = n - 1; end > 0; end--) {
        int largest = items[0];
        items[0] = items[end];
        items[end] = largest;
        sift_down(items, 0, end);
    }
}

KERNEL(sort_buckets, BucketParams, THREADS) {
    for (long long i = global_thread(); i < p.bucket_count; i += global_threads()) {
        int start = p.starts[i];
        int n = p.starts[i + 1] - start;
        if (n > 32) {
            heap_sort(p.items + start, n);
        } else {
            insertion_sort(p.items + start, n);
        }
    }
}
