package stylegan4j.stylegan.avatar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.nn.Conv2dLayer;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Views;

/**
 * A small convolutional network that tells an avatar's attributes: four convolutions, each at half the resolution of
 * the one before. A hidden layer and on it the identity embedding stand on the last, the attribute heads on the last and
 * on the middle of the one before the last, where the face is: avatars are drawn in one place.
 */
final class AvatarNetwork extends Module {
    /** Pictures come in with this many rows and columns. */
    static final int RESOLUTION = 64;
    static final int HIDDEN = 160;
    static final int EMBEDDING = 64;
    static final int[] CHANNELS = {16, 32, 64, 128};

    private static final int LAST_RESOLUTION = RESOLUTION >> CHANNELS.length;
    /** The convolution that sees the face, and where: rows and columns of its activations. */
    private static final int FACE = 2;
    private static final int FACE_TOP = 5;
    private static final int FACE_LEFT = 4;
    private static final int FACE_SIDE = 8;
    private static final float[] UNUSED_FILTER = {1};
    /** Keeps a direction where all channels are near zero. */
    static final double EPSILON = 1e-8;

    private final List<Conv2dLayer> convolutions = new ArrayList<>();
    private final List<Tensor> channelWeights = new ArrayList<>();
    private final FullyConnected hidden;
    private final FullyConnected heads;
    private final FullyConnected identity;

    /** @param labels length of a label */
    AvatarNetwork(int labels, Initializer init) {
        int in = 3;
        for (int i = 0; i < CHANNELS.length; i++) {
            convolutions.add(child("conv" + i, new Conv2dLayer(in, CHANNELS[i], 3, true, Activation.LRELU,
                    Resample.NONE, UNUSED_FILTER, -1, init)));
            channelWeights.add(buffer("weight" + i, Tensor.ones(CHANNELS[i])));
            in = CHANNELS[i];
        }
        int flat = in * LAST_RESOLUTION * LAST_RESOLUTION;
        hidden = child("hidden", new FullyConnected(flat, HIDDEN, Activation.LRELU, 1, 0, init));
        heads = child("heads", new FullyConnected(flat + CHANNELS[FACE] * FACE_SIDE * FACE_SIDE, labels,
                Activation.LINEAR, 1, 0, init));
        identity = child("identity", new FullyConnected(HIDDEN, EMBEDDING, Activation.LINEAR, 1, 0, init));
    }

    /** Pictures [N, 3, 64, 64] → the activations of each convolution, [N, C, R, R]. */
    List<Tensor> stages(Tensor pictures) {
        List<Tensor> stages = new ArrayList<>();
        Tensor x = pictures;
        for (Conv2dLayer convolution : convolutions) {
            Tensor in = stages.isEmpty() ? x : Interpolation.avgPool2d(x, 2, 2, 0);
            x = convolution.forward(in);
            stages.add(x);
        }
        return stages;
    }

    /** The last of {@link #stages} at half its resolution, [N, C·R·R/4]. */
    Tensor flat(Tensor lastStage) {
        return Scope.local(() -> Interpolation.avgPool2d(lastStage, 2, 2, 0).flatten(1, -1));
    }

    /** {@link #flat} → [N, HIDDEN]. */
    Tensor hidden(Tensor flat) {
        return hidden.forward(flat);
    }

    /** {@link #flat} and the face, from all {@link #stages}, [N, D]: what {@link #scores} are told from. */
    Tensor details(List<Tensor> stages) {
        return Scope.local(() -> Views.concat(List.of(flat(stages.getLast()), stages.get(FACE)
                .slice(2, FACE_TOP, FACE_TOP + FACE_SIDE).slice(3, FACE_LEFT, FACE_LEFT + FACE_SIDE).contiguous()
                .flatten(1, -1)), 1));
    }

    /** {@link #details} → scores in the layout of a label. */
    Tensor scores(Tensor details) {
        return heads.forward(details);
    }

    /** The parameters behind {@link #scores} alone. */
    Map<String, Tensor> heads() {
        return heads.parameters();
    }

    /** [N, HIDDEN] → [N, EMBEDDING], rows of norm 1. */
    Tensor embedding(Tensor hidden) {
        return Scope.local(() -> unit(identity.forward(hidden), 1));
    }

    /** Factor of each channel's squared difference in the perceptual distance, a tensor [C] for each stage. */
    List<Tensor> channelWeights() {
        return channelWeights;
    }

    /** x divided by its norm along a dimension. */
    static Tensor unit(Tensor x, int dim) {
        return x.mul(x.square().sumKeep(dim).add(EPSILON).rsqrt());
    }
}
