// Kernels cannot throw: what they find wrong with their data waits here until the host next looks.
#pragma once

struct Fault {
    int found;  // 0 or 1
    int index;
    int size;
    int operation;
};

// Whether 0 <= index < size; the first that is not is kept.
DEVICE bool inside(int index, int size, Fault* fault, int operation) {
    if (index >= 0 && index < size) {
        return true;
    }
    if (atomicCAS(&fault->found, 0, 1) == 0) {
        fault->index = index;
        fault->size = size;
        fault->operation = operation;
    }
    return false;
}
