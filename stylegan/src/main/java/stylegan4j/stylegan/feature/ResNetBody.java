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
public record ResNetBody(List<Integer> blocks, int width, boolean bottleneck) {
    public static final ResNetBody RESNET_34 = new ResNetBody(List.of(3, 4, 6, 3), 64, false);
    public static final ResNetBody RESNET_50 = new ResNetBody(List.of(3, 4, 6, 3), 64, true);

    /** @throws IllegalArgumentException if there are not four stages of at least one block */
    public ResNetBody {
        if (blocks.size() != 4 || blocks.stream().anyMatch(n -> n < 1) || width < 1) {
            throw new IllegalArgumentException("resNetBody: expected blocks of four stages and a width, got " + blocks
                    + " and " + width);
        }
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

    /** Positions, in one row of all blocks, of the last ones of the second, third and fourth stage. */
    public int[] taps() {
        int second = blocks.get(0) + blocks.get(1) - 1;
        int third = second + blocks.get(2);
        return new int[] {second, third, third + blocks.get(3)};
    }
}
