package stylegan4j.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.stylegan.encoder.StyleBlock;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.feature.IrBlock;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The blocks encoders are made of: results and gradients, and what training does to running statistics. */
final class EncoderBlockSystem {
    private EncoderBlockSystem() {
    }

    static void irBlock(GoldenCase golden) throws IOException {
        run(golden, new IrBlock(golden.integer("in_channel"), golden.integer("depth"), golden.integer("stride"),
                golden.config().get("block").equals("bottleneck_IR_SE"), Initializer.NONE));
    }

    static void styleBlock(GoldenCase golden) throws IOException {
        run(golden, new StyleBlock(golden.integer("in_c"), golden.integer("out_c"), golden.integer("spatial"),
                Initializer.NONE));
    }

    static void upsampleAdd(GoldenCase golden) throws IOException {
        golden.check("out", StyleEncoder.upsampleAdd(golden.input("x"), golden.input("y")));
        golden.check("out_odd", StyleEncoder.upsampleAdd(golden.input("x_odd"), golden.input("y_odd")));
    }

    private static <B extends Module & Layer> void run(GoldenCase golden, B block) throws IOException {
        block.load(golden.parameters());
        golden.check("y", Autograd.noGrad(() -> block.forward(golden.input("x"))));
        block.requiresGrad(true);
        Tensor x = golden.input("x").requiresGrad(true);
        Tensor loss = block.forward(x).mul(golden.input("cotangent")).sum();
        new Gradients(golden, "grad:").check(loss, block.parameters(), new HashMap<>());
        new Gradients(golden, "grad_").check(loss, Map.of("x", x), new HashMap<>());
        if (golden.wants("y_train")) {
            block.training(true);
            golden.check("y_train", block.forward(x));
            for (Map.Entry<String, Tensor> entry : block.state().entrySet()) {
                golden.check("after:" + entry.getKey(), entry.getValue());
            }
        }
    }
}
