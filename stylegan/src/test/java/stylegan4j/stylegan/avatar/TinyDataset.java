package stylegan4j.stylegan.avatar;

import java.util.List;
import java.util.Random;
import stylegan4j.nn.image.Image;
import stylegan4j.stylegan.data.Dataset;

/** Pictures of 64 pixels whose colour is their label: one of two for the upper half, one of three for the lower. */
record TinyDataset(int size) implements Dataset {
    static final AvatarVocabulary WORDS = new AvatarVocabulary("tiny", List.of(
            new AvatarVocabulary.Attribute("sky", List.of("dark", "light")),
            new AvatarVocabulary.Attribute("ground", List.of("red", "green", "blue"))));

    private static final int SIDE = 64;

    @Override
    public int resolution() {
        return SIDE;
    }

    @Override
    public int channels() {
        return 3;
    }

    @Override
    public int labelSize() {
        return WORDS.size();
    }

    @Override
    public Image picture(int index) {
        Random random = new Random(index);
        Image image = Image.black(3, SIDE, SIDE);
        int plane = SIDE * SIDE;
        for (int i = 0; i < image.data().length; i++) {
            boolean sky = i % plane < plane / 2;
            boolean lit = sky ? index % 2 == 1 : i / plane == index % 3;
            image.data()[i] = (lit ? 200 : 40) + random.nextInt(30);
        }
        return image;
    }

    @Override
    public float[] label(int index) {
        float[] label = new float[WORDS.size()];
        label[index % 2] = 1;
        label[2 + index % 3] = 1;
        return label;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
