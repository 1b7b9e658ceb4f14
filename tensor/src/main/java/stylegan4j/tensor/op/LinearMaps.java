package stylegan4j.tensor.op;

import stylegan4j.kernels.LinearMap;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** A sparse matrix along one dimension: interpolation, pooling by averages, padding. */
public final class LinearMaps {
    private LinearMaps() {
    }

    /**
     * Applies {@code map} along {@code dim}.
     *
     * @throws IllegalArgumentException if the map expects another length
     */
    public static Tensor apply(Tensor x, int dim, LinearMap map) {
        int axis = Shapes.axis("linearMap", dim, x.rank());
        if (x.size(axis) != map.inputs()) {
            throw new IllegalArgumentException("linearMap: length " + x.size(axis) + " of dimension " + dim
                    + ", the map expects " + map.inputs() + " (x=" + Shapes.format(x.shape()) + ")");
        }
        Tensor y = Tensor.allocate(Shapes.with(x.shape(), axis, map.outputs()));
        y.backend().linearMap(Operands.dense("linearMap", x).array(), axis, map, y.array());
        return Node.record("linearMap", y, x)
                .gradient((dy, node) -> new Tensor[] {apply(dy, axis, map.transposed())});
    }
}
