package stylegan4j.stylegan.feature;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.PReLU;
import stylegan4j.nn.Sequential;

/**
 * The body that ArcFace, CurricularFace and the encoders of the pSp family share: how many blocks, how wide, with
 * squeeze-excitation or without (pSp's {@code models/encoders/helpers.py}, {@code get_blocks}).
 *
 * @param blocks in each of the four stages; the first of each has stride 2
 * @param widths of each stage; the first is the stem's too
 */
public record IrBody(List<Integer> blocks, List<Integer> widths, boolean squeezeExcite) implements Body {
    private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512);

    /** 50 layers with squeeze-excitation. */
    public static final IrBody IR_SE_50 = new IrBody(List.of(3, 4, 14, 3), WIDTHS, true);
    /** 101 layers (officially counted as 100) without squeeze-excitation. */
    public static final IrBody IR_101 = new IrBody(List.of(3, 13, 30, 3), WIDTHS, false);

    /** @throws IllegalArgumentException if there are not four stages of at least one block */
    public IrBody {
        Body.check("irBody", blocks, widths);
        blocks = List.copyOf(blocks);
        widths = List.copyOf(widths);
    }

    /** Convolution, normalisation and activation before the blocks: {@code input_layer}. */
    public Sequential stem(int channels, Initializer init) {
        int width = widths.getFirst();
        return new Sequential(new Conv2d(channels, width, 3, ConvGeometry.of(1, 1), false, init),
                new BatchNorm(width), new PReLU(width));
    }

    /** The blocks, one after another: {@code body}. */
    public Sequential body(Initializer init) {
        List<Layer> layers = new ArrayList<>();
        int in = widths.getFirst();
        for (int stage = 0; stage < blocks.size(); stage++) {
            for (int i = 0; i < blocks.get(stage); i++) {
                layers.add(new IrBlock(in, widths.get(stage), i == 0 ? 2 : 1, squeezeExcite, init));
                in = widths.get(stage);
            }
        }
        return new Sequential(layers);
    }
}
