package stylegan4j.stylegan.feature;

import java.util.Arrays;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;

/** What a file of a feature network may hold, told from our names of its tensors. */
public enum FeatureKind {
    ALEX("AlexNet", Trunk.Kind.ALEX),
    VGG("VGG-16", Trunk.Kind.VGG),
    SQUEEZE("SqueezeNet 1.1", Trunk.Kind.SQUEEZE),
    CAFFE("VGG-16 with Caffe's weights, as IDInvert takes it", null),
    LINEAR("LPIPS linear weights, without a trunk", null),
    ARCFACE("ArcFace IR-SE-50", null),
    CURRICULAR("CurricularFace IR-101", null),
    ENCODER("an encoder, not a face recognition network", null),
    RESNET50("ResNet-50 (MoCo's or torchvision's)", null),
    RESNET34("ResNet-34", null),
    UNKNOWN("something unknown", null);

    private final String text;
    private final Trunk.Kind trunk;

    FeatureKind(String text, Trunk.Kind trunk) {
        this.text = text;
        this.trunk = trunk;
    }

    /** The trunk it holds, or null. */
    Trunk.Kind trunk() {
        return trunk;
    }

    static FeatureKind of(Map<String, StoredTensor> state) {
        if (state.containsKey(FeatureNames.CAFFE + "features.0.weight")) {
            return CAFFE;
        }
        if (state.containsKey("features.0.weight")) {
            return trunk(state);
        }
        if (state.containsKey(FeatureNames.linear(0))) {
            return LINEAR;
        }
        if (state.containsKey("input_layer.0.weight") || state.containsKey("encoder.input_layer.0.weight")) {
            return !state.containsKey("output_layer.3.weight") ? ENCODER
                    : state.containsKey("body.0.res_layer.5.fc1.weight") ? ARCFACE : CURRICULAR;
        }
        if (state.containsKey("layer1.0.conv1.weight")) {
            return state.containsKey("layer1.0.conv3.weight") ? RESNET50 : RESNET34;
        }
        return UNKNOWN;
    }

    private static FeatureKind trunk(Map<String, StoredTensor> state) {
        long[] first = state.get("features.0.weight").shape();
        if (state.containsKey("features.3.squeeze.weight")) {
            return SQUEEZE;
        }
        if (Arrays.equals(first, new long[] {64, 3, 11, 11})) {
            return ALEX;
        }
        boolean sixteen = state.containsKey("features.28.weight") && !state.containsKey("features.34.weight");
        return sixteen && Arrays.equals(first, new long[] {64, 3, 3, 3}) ? VGG : UNKNOWN;
    }

    @Override
    public String toString() {
        return text;
    }
}
