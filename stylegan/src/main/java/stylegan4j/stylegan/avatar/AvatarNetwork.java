package stylegan4j.stylegan.avatar;

import java.util.ArrayList;
import java.util.List;
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
 * the one before, and a hidden layer, on which the identity embedding stands. Eyebrows are a pixel high, so the face,
 * which is drawn in one place, has a branch of its own from the first convolution on. The attribute heads stand on both
 * hidden layers.
 */
final class AvatarNetwork extends Module {
    /** Pictures come in with this many rows and columns. */
    static final int RESOLUTION = 64;
    static final int HIDDEN = 160;
    static final int EMBEDDING = 64;
    static final int[] CHANNELS = {16, 32, 64, 128};

    private static final int LAST_RESOLUTION = RESOLUTION >> CHANNELS.length;
    /** Rows and columns of the first convolution's activations that are the face's. */
    private static final int FACE_FROM = 16;
    private static final int FACE_TO = 48;
    private static final int FACE_CHANNELS = 32;
    private static final int FACE_HIDDEN = 128;
    private static final float[] UNUSED_FILTER = {1};
    /** Keeps a direction where all channels are near zero. */
    static final double EPSILON = 1e-8;

    private final List<Conv2dLayer> convolutions = new ArrayList<>();
    private final List<Conv2dLayer> faceConvolutions = new ArrayList<>();
    private final List<Tensor> channelWeights = new ArrayList<>();
    private final FullyConnected hidden;
    private final FullyConnected faceHidden;
    private final FullyConnected heads;
    private final FullyConnected identity;

    /** @param labels length of a label */
    AvatarNetwork(int labels, Initializer init) {
        int in = 3;
        for (int i = 0; i < CHANNELS.length; i++) {
            convolutions.add(child("conv" + i, convolution(in, CHANNELS[i], init)));
            channelWeights.add(buffer("weight" + i, Tensor.ones(CHANNELS[i])));
            in = CHANNELS[i];
        }
        hidden = child("hidden", new FullyConnected(in * LAST_RESOLUTION * LAST_RESOLUTION, HIDDEN, Activation.LRELU,
                1, 0, init));
        int side = FACE_TO - FACE_FROM;
        in = CHANNELS[0];
        for (int i = 0; i < 2; i++) {
            faceConvolutions.add(child("face" + i, convolution(in, FACE_CHANNELS, init)));
            in = FACE_CHANNELS;
            side /= 2;
        }
        faceHidden = child("face_hidden", new FullyConnected(in * side * side, FACE_HIDDEN, Activation.LRELU, 1, 0,
                init));
        heads = child("heads", new FullyConnected(HIDDEN + FACE_HIDDEN, labels, Activation.LINEAR, 1, 0, init));
        identity = child("identity", new FullyConnected(HIDDEN, EMBEDDING, Activation.LINEAR, 1, 0, init));
    }

    private static Conv2dLayer convolution(int in, int out, Initializer init) {
        return new Conv2dLayer(in, out, 3, true, Activation.LRELU, Resample.NONE, UNUSED_FILTER, -1, init);
    }

    /** Pictures [N, 3, 64, 64] → the activations of each convolution, [N, C, R, R]. */
    List<Tensor> stages(Tensor pictures) {
        List<Tensor> stages = new ArrayList<>();
        Tensor x = pictures;
        for (Conv2dLayer convolution : convolutions) {
            x = convolution.forward(stages.isEmpty() ? x : halved(x));
            stages.add(x);
        }
        return stages;
    }

    private static Tensor halved(Tensor x) {
        return Interpolation.avgPool2d(x, 2, 2, 0);
    }

    /** All {@link #stages} → [N, HIDDEN]. */
    Tensor hidden(List<Tensor> stages) {
        return Scope.local(() -> hidden.forward(halved(stages.getLast()).flatten(1, -1)));
    }

    /** All {@link #stages} and {@link #hidden} → scores in the layout of a label. */
    Tensor scores(List<Tensor> stages, Tensor hidden) {
        return Scope.local(() -> {
            Tensor x = stages.getFirst().slice(2, FACE_FROM, FACE_TO).slice(3, FACE_FROM, FACE_TO).contiguous();
            for (Conv2dLayer convolution : faceConvolutions) {
                x = halved(convolution.forward(x));
            }
            return heads.forward(Views.concat(List.of(hidden, faceHidden.forward(x.flatten(1, -1))), 1));
        });
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
