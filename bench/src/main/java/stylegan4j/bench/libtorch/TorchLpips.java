package stylegan4j.bench.libtorch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** LPIPS 0.1 (richzhang/PerceptualSimilarity) on AlexNet or VGG-16, with linear layers of equal weights. */
public final class TorchLpips {
    private static final long[] ONE = {1, 1};

    private final Map<String, Tensor> parameters = new HashMap<>();
    private final Tensor mean = Libtorch.tensor(new float[] {-0.030f, -0.088f, -0.188f}, 1, 3, 1, 1);
    private final Tensor deviation = Libtorch.tensor(new float[] {0.458f, 0.448f, 0.450f}, 1, 3, 1, 1);
    private final int[] taps;
    private final int pool;

    /** @param pool size of the pooling windows: 3 for AlexNet, 2 for VGG-16 */
    public TorchLpips(int[] taps, int pool) {
        this.taps = taps;
        this.pool = pool;
    }

    /** Sets {@code features.N.weight} or {@code features.N.bias}. */
    public void put(String name, float[] values, long... shape) {
        parameters.put(name, Libtorch.tensor(values, shape));
    }

    /** Features of unit length at each place, of pictures [N, 3, H, W] in −1 … 1. */
    public List<Tensor> features(Tensor pictures) {
        List<Tensor> features = new ArrayList<>();
        Tensor x = pictures.sub(mean).div(deviation);
        boolean convolved = false;
        for (int i = 0; i <= taps[taps.length - 1]; i++) {
            Tensor weight = parameters.get("features." + i + ".weight");
            if (weight != null) {
                long side = weight.size(2);
                long stride = side == 11 ? 4 : 1;
                long pad = side == 11 ? 2 : side / 2;
                x = torch.conv2d(x, weight, new TensorOptional(parameters.get("features." + i + ".bias")),
                        new long[] {stride, stride}, new long[] {pad, pad}, ONE, 1);
            } else {
                x = convolved ? torch.relu(x) : torch.max_pool2d(x, new long[] {pool, pool}, new long[] {2, 2},
                        new long[] {0, 0}, ONE, false);
            }
            convolved = weight != null;
            if (features.size() < taps.length && i == taps[features.size()]) {
                features.add(x.div(x.square().sum(new long[] {1}, true, new ScalarTypeOptional())
                        .sqrt().add(new Scalar(1e-10))));
            }
        }
        return features;
    }

    /** The distance of one pair, a scalar. */
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        Tensor sum = null;
        for (int i = 0; i < a.size(); i++) {
            Tensor layer = a.get(i).sub(b.get(i)).square().mean();
            sum = sum == null ? layer : sum.add(layer);
        }
        return sum;
    }
}
