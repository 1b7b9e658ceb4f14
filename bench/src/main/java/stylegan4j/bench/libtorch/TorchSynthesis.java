package stylegan4j.bench.libtorch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import stylegan4j.bench.SynthesisWeights;
import stylegan4j.kernels.Fir;

/**
 * The synthesis network of NVlabs' {@code training/networks.py} (skip architecture, evaluation mode, constant noise,
 * float32): with {@code fused_modconv} as that code chooses it for float32 outside training, which is the grouped
 * form, with gradients too.
 */
public final class TorchSynthesis {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Tensor filter;
    private final int resolution;

    /** @param trainable whether every parameter records gradients */
    public TorchSynthesis(SynthesisWeights weights, boolean trainable) {
        resolution = weights.resolution();
        weights.parameters().forEach((name, p) -> {
            Tensor tensor = Libtorch.tensor(p.data(), p.shape());
            tensor.set_requires_grad(trainable && !name.endsWith("noise_const"));
            parameters.put(name, tensor);
        });
        filter = Libtorch.tensor(Fir.separable(1, 3, 3, 1).taps(), 4, 4);
    }

    /** The picture [N, 3, H, W] from ws [N, layers, 512]. */
    public Tensor forward(Tensor ws) {
        return forward(ws, Map.of());
    }

    /** The same with other noise maps [H, W] in place of some layers' constant ones. */
    public Tensor forward(Tensor ws, Map<String, Tensor> noise) {
        Tensor x = parameters.get("b4.const").unsqueeze(0).repeat(ws.size(0), 1, 1, 1);
        Tensor image = null;
        int index = 0;
        for (int size = 4; size <= resolution; size *= 2) {
            String block = "b" + size;
            if (size > 4) {
                x = layer(block + ".conv0", x, ws.select(1, index++), 2, noise);
            }
            x = layer(block + ".conv1", x, ws.select(1, index++), 1, noise);
            Tensor rgb = toRgb(block + ".torgb", x, ws.select(1, index));
            image = image == null ? rgb : TorchOps.upsample2d(image, filter).add_(rgb);
        }
        return image;
    }

    private Tensor layer(String name, Tensor x, Tensor w, int up, Map<String, Tensor> noise) {
        Tensor map = noise.containsKey(name) ? noise.get(name) : parameters.get(name + ".noise_const");
        Tensor y = TorchOps.modulatedConv2d(x, parameters.get(name + ".weight"), styles(name, w),
                map.mul(parameters.get(name + ".noise_strength")), up, filter, true);
        return TorchOps.biasLrelu(y, parameters.get(name + ".bias"));
    }

    private Tensor toRgb(String name, Tensor x, Tensor w) {
        Tensor styles = styles(name, w).mul(new Scalar(1 / Math.sqrt(x.size(1))));
        Tensor y = TorchOps.modulatedConv2d(x, parameters.get(name + ".weight"), styles, null, 1, null, false);
        return TorchOps.addBias(y, parameters.get(name + ".bias"));
    }

    private Tensor styles(String name, Tensor w) {
        return TorchOps.linear(w, parameters.get(name + ".affine.weight"), parameters.get(name + ".affine.bias"));
    }

    /** Computes a picture without autograd and drops it. */
    public void run(Tensor ws) {
        Libtorch.withoutGradients(() -> forward(ws));
    }

    /**
     * The gradients of mean(image²) in every trainable parameter and in ws; ws must record gradients. They are left
     * in the tensors until {@link #clearGradients}.
     */
    public void backward(Tensor ws) {
        try (var _ = new PointerScope()) {
            forward(ws).square().mean().backward();
        }
    }

    /** Forgets the gradients, as an optimiser does between steps. */
    public void clearGradients(Tensor ws) {
        parameters.values().forEach(p -> p.mutable_grad().reset());
        ws.mutable_grad().reset();
    }

    /** The parameters by their official names. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }
}
