package stylegan4j.stylegan.feature;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.Initializer;

/**
 * The four stages of a ResNet, which MoCo's network and the ResNet-34 encoders share.
 *
 * @param blocks in each stage; all stages but the first begin with stride 2
 * @param width of the first stage, doubled in each following one
 * @param bottleneck whether blocks are of the kind that ResNet-50 has
 */
public record ResNetBody(List<Integer> blocks, int width, boolean bottleneck) implements Body {
    public static final ResNetBody RESNET_34 = new ResNetBody(List.of(3, 4, 6, 3), 64, false);
    public static final ResNetBody RESNET_50 = new ResNetBody(List.of(3, 4, 6, 3), 64, true);

    /** @throws IllegalArgumentException if there are not four stages of at least one block */
    public ResNetBody {
        Body.check("resNetBody", blocks, widths(width, bottleneck));
        blocks = List.copyOf(blocks);
    }

    /** The blocks of each stage. */
    public List<List<ResidualBlock>> stages(Initializer init) {
        List<List<ResidualBlock>> stages = new ArrayList<>();
        int in = width;
        for (int stage = 0; stage < blocks.size(); stage++) {
            List<ResidualBlock> made = new ArrayList<>();
            int middle = width << stage;
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                made.add(bottleneck ? ResidualBlock.bottleneck(in, middle, stride, init)
                        : ResidualBlock.basic(in, middle, stride, init));
                in = bottleneck ? ResidualBlock.EXPANSION * middle : middle;
            }
            stages.add(made);
        }
        return stages;
    }

    @Override
    public List<Integer> widths() {
        return widths(width, bottleneck);
    }

    private static List<Integer> widths(int width, boolean bottleneck) {
        int last = bottleneck ? ResidualBlock.EXPANSION * width : width;
        return List.of(last, 2 * last, 4 * last, 8 * last);
    }
}
