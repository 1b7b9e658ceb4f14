package stylegan4j.stylegan.feature;

import java.io.IOException;
import java.nio.file.Path;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Linear;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;

/**
 * Face recognition: ArcFace on IR-SE-50 (arXiv 1801.07698) and CurricularFace on IR-101 (arXiv 2004.00288), as the pSp
 * family uses them ({@code models/encoders/model_irse.py}, {@code criteria/id_loss.py}).
 */
public final class FaceNetwork extends Module implements IdentityEmbedding {
    private static final int FEATURES = 512;
    /** Side of the aligned face that the network was trained on, and of the last stage's result for it. */
    private static final int FACE = 112;
    private static final int LAST = 7;
    /** Where the face lies in a picture aligned as FFHQ's, of this side. */
    private static final int PICTURE = 256;
    private static final int TOP = 35;
    private static final int LEFT = 32;
    private static final int CROP = 188;

    private final Sequential stem;
    private final Sequential output;
    private final Sequential body;

    /** @param affine whether the last normalisation has a weight and a bias */
    private FaceNetwork(IrBody body, boolean affine, Initializer init) {
        int width = body.widths().getLast();
        this.stem = child("input_layer", body.stem(3, init));
        this.output = child("output_layer", new Sequential(new BatchNorm(width), x -> x, x -> x.flatten(1, -1),
                new Linear(width * LAST * LAST, FEATURES, true, init),
                new BatchNorm(FEATURES, BatchNorm.EPSILON, BatchNorm.MOMENTUM, affine)));
        this.body = child("body", body.body(init));
    }

    /** ArcFace IR-SE-50, to be loaded. */
    public static FaceNetwork arcFace(Initializer init) {
        return new FaceNetwork(IrBody.IR_SE_50, true, init);
    }

    /** CurricularFace IR-101, to be loaded. */
    public static FaceNetwork curricularFace(Initializer init) {
        return new FaceNetwork(IrBody.IR_101, false, init);
    }

    /**
     * Reads either official file: {@code model_ir_se50.pth} or {@code CurricularFace_Backbone.pth}.
     *
     * @throws stylegan4j.nn.checkpoint.CheckpointException naming the file, if it is of another kind
     */
    public static FaceNetwork load(Path file) throws IOException {
        FeatureFile found = FeatureFile.read(file);
        return (FaceNetwork) (found.kind() == FeatureKind.CURRICULAR ? found : found.require(FeatureKind.ARCFACE))
                .identity();
    }

    /**
     * Unit vectors of whole pictures [N, 3, H, W], aligned as FFHQ's are, whose faces are cut out; or of faces
     * [N, 3, 112, 112], aligned as the network's training set, taken as they are.
     */
    @Override
    public Tensor embed(Tensor pictures) {
        return Scope.local(() -> {
            Tensor features = features(isFace(pictures) ? pictures : faces(pictures));
            return features.div(features.square().sumKeep(1).sqrt());
        });
    }

    private static boolean isFace(Tensor pictures) {
        return pictures.size(2) == FACE && pictures.size(3) == FACE;
    }

    /** The inner faces [N, 3, 112, 112] of pictures [N, 3, H, W] aligned as FFHQ's. */
    public static Tensor faces(Tensor pictures) {
        Tensor x = Interpolation.adaptiveAvgPool2d(pictures, PICTURE, PICTURE);
        Tensor face = x.slice(2, TOP, TOP + CROP).slice(3, LEFT, LEFT + CROP);
        return Interpolation.adaptiveAvgPool2d(face, FACE, FACE);
    }

    /** The network's output before it is brought to norm 1: faces [N, 3, 112, 112] → [N, 512]. */
    public Tensor features(Tensor faces) {
        if (!isFace(faces)) {
            throw new IllegalArgumentException("faceNetwork: expected faces [N, 3, 112, 112], got "
                    + faces.describe());
        }
        return Scope.local(() -> output.forward(body.forward(stem.forward(faces))));
    }

    /** Convolution, normalisation and activation before the blocks: faces [N, 3, 112, 112] → [N, 64, 112, 112]. */
    public Tensor stem(Tensor faces) {
        return stem.forward(faces);
    }

    /** The blocks, and so all stages; the last result is [N, 512, 7, 7]. */
    public Sequential body() {
        return body;
    }
}
