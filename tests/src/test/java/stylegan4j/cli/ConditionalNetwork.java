package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.tensor.Device;

/** A file with a generator of 8 px that has three classes. */
final class ConditionalNetwork {
    private ConditionalNetwork() {
    }

    static Path write(Path file) throws IOException {
        try (Device device = Device.cpu(); var _ = device.open()) {
            var config = GeneratorConfig.of(Map.of("z_dim", 13, "c_dim", 3, "w_dim", 16, "img_resolution", 8,
                    "img_channels", 1, "mapping_kwargs", Map.of("num_layers", 2),
                    "synthesis_kwargs", Map.of("channel_base", 64, "channel_max", 8)));
            var generator = new Generator(config, Initializer.random(1));
            NetworkWriter.writeSafetensors(file, new Networks(generator, null, null));
        }
        return file;
    }
}
