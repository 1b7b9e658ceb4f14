package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import stylegan4j.kernels.DType;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.tensor.Tensor;

/** A file of a feature network, recognised by the names and shapes in it, whose tensors go by our names. */
public final class FeatureFile {
    private final Path file;
    private final FeatureKind kind;
    private final Map<String, StoredTensor> state;

    private FeatureFile(Path file, FeatureKind kind, Map<String, StoredTensor> state) {
        this.file = file;
        this.kind = kind;
        this.state = state;
    }

    /** @throws CheckpointException if the file holds none of the networks we know, telling which it is if we can */
    public static FeatureFile read(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        Map<String, StoredTensor> nested = checkpoint.tensors("state_dict");
        FeatureFile found = of(file, nested.isEmpty() ? checkpoint.tensors() : nested);
        if (found.kind != FeatureKind.UNKNOWN) {
            return found;
        }
        List<NetworkPart> parts = NetworkPart.of(checkpoint);
        throw new CheckpointException(file, parts.isEmpty() ? "holds no feature network that is known here"
                : "expected a feature network, got a " + parts.getFirst().kind());
    }

    /**
     * The same for tensors at hand.
     *
     * @param file for messages
     * @param tensors by the official names
     */
    public static FeatureFile of(Path file, Map<String, StoredTensor> tensors) {
        Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> renamed.put(FeatureNames.ours(name), tensor));
        return new FeatureFile(file, FeatureKind.of(renamed), renamed);
    }

    /** Where it was read from. */
    public Path file() {
        return file;
    }

    /** @throws CheckpointException telling what the file is, if it is not of this kind */
    public FeatureFile require(FeatureKind wanted) throws CheckpointException {
        if (kind != wanted) {
            throw unexpected(wanted.toString());
        }
        return this;
    }

    /** What it holds. */
    public FeatureKind kind() {
        return kind;
    }

    private CheckpointException unexpected(String expected) {
        return new CheckpointException(file, "expected " + expected + ", got " + kind);
    }

    /**
     * The trunk of LPIPS in this file.
     *
     * @throws CheckpointException if there is none, or one that does not fit together
     */
    public Trunk trunk() throws CheckpointException {
        if (kind.trunk() == null) {
            throw unexpected("a trunk for LPIPS (torchvision's AlexNet, VGG-16 or SqueezeNet 1.1)");
        }
        Trunk trunk = new Trunk(kind.trunk(), Initializer.NONE);
        loadInto(trunk);
        return trunk;
    }

    /**
     * IDInvert's perceptual distance.
     *
     * @throws CheckpointException if the file is of another kind
     */
    public CaffeVgg16Distance caffe() throws CheckpointException {
        require(FeatureKind.CAFFE);
        Trunk trunk = new Trunk(Trunk.Kind.VGG, Initializer.NONE);
        Map<String, StoredTensor> plain = new LinkedHashMap<>();
        state.forEach((name, tensor) -> plain.put(name.replaceFirst("^" + FeatureNames.CAFFE, ""), tensor));
        new FeatureFile(file, kind, plain).loadInto(trunk);
        return new CaffeVgg16Distance(trunk);
    }

    /**
     * LPIPS on a trunk, with the linear weights of this file.
     *
     * @throws CheckpointException if there are none, or they belong to another trunk
     */
    public Lpips lpips(Trunk trunk) throws CheckpointException {
        List<float[]> weights = new ArrayList<>();
        while (state.containsKey(FeatureNames.linear(weights.size()))) {
            weights.add(state.get(FeatureNames.linear(weights.size())).toFloats());
        }
        if (weights.isEmpty()) {
            throw unexpected("LPIPS linear weights (lpips/weights/v0.1)");
        }
        try {
            return new Lpips(trunk, weights);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "does not belong to " + trunk.kind() + ": " + e.getMessage());
        }
    }

    /**
     * The network of this file that tells who or what is shown: ArcFace, CurricularFace or MoCo.
     *
     * @throws CheckpointException if it is of another kind
     */
    public IdentityEmbedding identity() throws CheckpointException {
        return switch (kind) {
            case ARCFACE -> loaded(FaceNetwork.arcFace(Initializer.NONE));
            case CURRICULAR -> loaded(FaceNetwork.curricularFace(Initializer.NONE));
            case RESNET50 -> loaded(new ResNet50(Initializer.NONE));
            default -> throw unexpected("ArcFace, CurricularFace or MoCo's ResNet-50");
        };
    }

    /**
     * Pictures [N, 3, H, W] in −1…1 to vectors [N, D], for the distances of sets: the identity network's, or the mean
     * of a trunk's last layer over its pixels.
     *
     * @throws CheckpointException if the file holds neither
     */
    public UnaryOperator<Tensor> vectors() throws CheckpointException {
        if (kind.trunk() == null) {
            return identity()::embed;
        }
        Trunk trunk = trunk();
        int[] taps = kind.trunk().taps();
        return pictures -> trunk.features(pictures, taps[taps.length - 1]).getFirst().mean(2, 3);
    }

    private <M extends Module> M loaded(M network) throws CheckpointException {
        loadInto(network);
        return network;
    }

    /**
     * Loads a network from the tensors of its names; others in the file are left alone.
     *
     * @throws CheckpointException naming a tensor that is missing or of another shape
     */
    public void loadInto(Module network) throws CheckpointException {
        Map<String, StoredTensor> values = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> entry : network.state().entrySet()) {
            StoredTensor value = state.get(entry.getKey());
            if (value != null) {
                values.put(entry.getKey(), value);
            } else if (entry.getValue().type() == DType.I32) {
                // The number of batches, which old files do not have and inference does not need.
                values.put(entry.getKey(), StoredTensor.of(new float[1]));
            }
        }
        try {
            network.load(values);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, e.getMessage());
        }
    }
}
