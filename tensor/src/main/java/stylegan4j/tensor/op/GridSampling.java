package stylegan4j.tensor.op;

import java.util.List;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Tensor;

/** Bilinear sampling at given places, zeros outside (PyTorch's {@code grid_sample}). */
public final class GridSampling {
    private GridSampling() {
    }

    /**
     * @param x [N, C, H, W]
     * @param grid [N, h, w, 2]: x and y in −1…1
     * @param alignCorners whether ±1 are the centres of the corner pixels (else their outer edges)
     * @return [N, C, h, w]
     */
    public static Tensor gridSample(Tensor x, Tensor grid, boolean alignCorners) {
        Operands.rank("gridSample", "x", x, 4);
        Operands.rank("gridSample", "grid", grid, 4);
        if (grid.size(0) != x.size(0) || grid.size(3) != 2) {
            throw new IllegalArgumentException("gridSample: grid must be [" + x.size(0) + ", h, w, 2], got "
                    + grid.describe());
        }
        return forward(x, grid, alignCorners);
    }

    private static Tensor forward(Tensor x, Tensor grid, boolean alignCorners) {
        Tensor y = Tensor.allocate(x.size(0), x.size(1), grid.size(1), grid.size(2));
        y.backend().gridSample(Operands.dense("gridSample", x).array(), Operands.dense("gridSample", grid).array(),
                alignCorners, y.array());
        return Node.record("gridSample", y, x, grid).saves(x, grid).gradient((dy, node) -> new Tensor[] {
                node.needs(0) ? inputGradient(dy, grid, alignCorners, x.size(2), x.size(3)) : null,
                node.needs(1) ? gridGradient(x, grid, dy, alignCorners) : null});
    }

    private static Tensor inputGradient(Tensor dy, Tensor grid, boolean alignCorners, int height, int width) {
        Tensor dx = Tensor.allocate(dy.size(0), dy.size(1), height, width);
        dx.backend().gridSampleInputGradient(Operands.dense("gridSample", dy).array(),
                Operands.dense("gridSample", grid).array(), alignCorners, dx.array());
        return Node.record("gridSampleInputGradient", dx, dy, grid).saves(dy, grid)
                .gradient((g, node) -> new Tensor[] {node.needs(0) ? forward(g, grid, alignCorners) : null,
                        node.needs(1) ? gridGradient(g, grid, dy, alignCorners) : null});
    }

    /** d/dgrid of Σ dy·gridSample(x, grid), through the composite. */
    private static Tensor gridGradient(Tensor x, Tensor grid, Tensor dy, boolean alignCorners) {
        boolean connected = Autograd.enabled();
        return Autograd.recorded(() -> {
            Tensor own = Views.identity(grid.requiresGrad() ? grid : grid.detach().requiresGrad(true));
            Tensor y = composite(x, own, alignCorners);
            return Autograd.grad(y, List.of(own), dy, connected, connected).getFirst();
        });
    }

    /** The same made of plain operations, differentiable in both arguments. */
    public static Tensor composite(Tensor x, Tensor grid, boolean alignCorners) {
        int height = x.size(2);
        int width = x.size(3);
        Tensor px = pixel(grid.select(3, 0), width, alignCorners);
        Tensor py = pixel(grid.select(3, 1), height, alignCorners);
        Tensor left = px.floor();
        Tensor top = py.floor();
        Tensor fx = px.sub(left);
        Tensor fy = py.sub(top);
        Tensor y = null;
        for (int corner = 0; corner < 4; corner++) {
            int dx = corner & 1;
            int dy = corner >> 1;
            Tensor weight = (dx == 1 ? fx : fx.neg().add(1)).mul(dy == 1 ? fy : fy.neg().add(1));
            Tensor term = corner(x, left.add(dx), top.add(dy), weight);
            y = y == null ? term : y.add(term);
        }
        return y;
    }

    private static Tensor corner(Tensor x, Tensor column, Tensor row, Tensor weight) {
        int n = x.size(0);
        int c = x.size(1);
        int height = x.size(2);
        int width = x.size(3);
        Tensor inside = Autograd.noGrad(() -> Elementwise.between(column, 0, width - 1)
                .mul(Elementwise.between(row, 0, height - 1)));
        Tensor flat = Autograd.noGrad(() -> row.clamp(0, height - 1).mul(width).add(column.clamp(0, width - 1))
                .to(DType.I32));
        Tensor index = flat.reshape(n, 1, -1).expand(n, c, row.size(1) * row.size(2)).contiguous();
        Tensor picked = Indexing.pick(x.reshape(n, c, -1), 2, index).reshape(n, c, row.size(1), row.size(2));
        return picked.mul(weight.mul(inside).unsqueeze(1));
    }

    private static Tensor pixel(Tensor position, int size, boolean alignCorners) {
        return alignCorners ? position.add(1).mul((size - 1) / 2.0)
                : position.add(1).mul(size / 2.0).sub(0.5);
    }
}
