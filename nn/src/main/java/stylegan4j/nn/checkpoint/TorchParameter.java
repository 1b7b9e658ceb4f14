package stylegan4j.nn.checkpoint;

import java.util.List;

/** A parameter as torch pickled it before version 0.4, as an object of its class; old torchvision files hold such. */
final class TorchParameter implements PickleState {
    private static final int STATE_WITH_DATA = 5;

    private TorchView view;

    /** The constructor is given the tensor or nothing. */
    static TorchParameter of(PickleArgs args) throws CheckpointException {
        var parameter = new TorchParameter();
        parameter.view = args.size() == 0 ? null : args.get(0, TorchView.class);
        return parameter;
    }

    /** The parameter's tensor, or null if the pickle never gave it one. */
    TorchView view() {
        return view;
    }

    /** State: what concerns autograd, preceded by the tensor in the oldest files (torch/_tensor.py, __setstate__). */
    @Override
    public void setState(Source source, Budget budget, Object state) {
        if (state instanceof List<?> fields && fields.size() == STATE_WITH_DATA
                && fields.getFirst() instanceof TorchView data) {
            view = data;
        }
    }
}
