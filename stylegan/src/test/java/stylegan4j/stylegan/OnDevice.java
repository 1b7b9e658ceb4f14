package stylegan4j.stylegan;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/** Opens a scope on the CPU around each test. */
public abstract class OnDevice {
    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu(2);
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }
}
