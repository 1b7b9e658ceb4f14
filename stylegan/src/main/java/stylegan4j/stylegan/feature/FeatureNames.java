package stylegan4j.stylegan.feature;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that official files give the tensors of feature networks, and ours for the same. */
final class FeatureNames {
    /** torchvision's trunks, bare or within a classifier, the lpips package's and pSp's. */
    private static final Pattern TRUNK = Pattern.compile(
            "(?:features\\.|net\\.slice\\d\\.|net\\.layers\\.)?(\\d+)"
                    + "\\.((?:(?:squeeze|expand1x1|expand3x3)\\.)?(?:weight|bias))");
    /** The lpips package's, pSp's, and NVlabs' {@code vgg16.pt}. */
    private static final Pattern LINEAR = Pattern.compile(
            "lin(?:s\\.|\\.)?(\\d)\\.(?:model\\.)?1\\.weight|lpips(\\d)");
    /** The convolutions of NVlabs' {@code vgg16.pt}, counted from 1. */
    private static final Pattern NVLABS = Pattern.compile("layers[./]conv(\\d+)[./](weight|bias)");
    /** IDInvert's VGG-16 has other weights, for colours of another order and range. */
    private static final Pattern CAFFE_LAYER = Pattern.compile("layer(\\d+)\\.(weight|bias)");
    /** Before our names of those. */
    static final String CAFFE = "caffe.";
    /** torchvision's positions of VGG-16's convolutions. */
    private static final int[] VGG = {0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28};
    /** MoCo v2: the encoder of queries. */
    private static final String MOCO = "module.encoder_q.";

    private FeatureNames() {
    }

    static String ours(String name) {
        Matcher trunk = TRUNK.matcher(name);
        if (trunk.matches()) {
            return "features." + trunk.group(1) + "." + trunk.group(2);
        }
        Matcher linear = LINEAR.matcher(name);
        if (linear.matches()) {
            return linear(Integer.parseInt(linear.group(1) != null ? linear.group(1) : linear.group(2)));
        }
        Matcher nvlabs = NVLABS.matcher(name);
        if (nvlabs.matches()) {
            int number = Integer.parseInt(nvlabs.group(1));
            return number < 1 || number > VGG.length ? name
                    : "features." + VGG[number - 1] + "." + nvlabs.group(2);
        }
        Matcher caffe = CAFFE_LAYER.matcher(name);
        if (caffe.matches()) {
            return CAFFE + "features." + caffe.group(1) + "." + caffe.group(2);
        }
        return name.startsWith(MOCO) ? name.substring(MOCO.length()) : name;
    }

    /** The linear weights of one of LPIPS' layers. */
    static String linear(int layer) {
        return "lin" + layer;
    }
}
