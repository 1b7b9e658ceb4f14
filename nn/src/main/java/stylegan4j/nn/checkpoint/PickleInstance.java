package stylegan4j.nn.checkpoint;

import java.util.List;

/** What will be a {@link PickledObject} when the pickle is complete. */
final class PickleInstance implements PickleState {
    private final String className;
    private final List<Object> args;
    private Object state;

    PickleInstance(String className, List<Object> args, Object state) {
        this.className = className;
        this.args = args;
        this.state = state;
    }

    String className() {
        return className;
    }

    List<Object> args() {
        return args;
    }

    Object state() {
        return state;
    }

    @Override
    public void setState(Source source, Budget budget, Object state) {
        this.state = state;
    }
}
