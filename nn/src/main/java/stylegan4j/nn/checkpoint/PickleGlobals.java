package stylegan4j.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The only classes and functions a pickle may name, and what stands in for each. None of them is Python's own: a module
 * or namespace becomes data ({@link PickledObject}), a container becomes Java's, a tensor a {@link StoredTensor}.
 */
final class PickleGlobals {

    /** What a call of a global makes. */
    private interface Factory {
        Object make(PickleArgs args) throws CheckpointException;
    }

    /** A name the table lists. */
    record Global(String name, Factory factory) {
        Object make(PickleArgs args) throws CheckpointException {
            return factory.make(args);
        }
    }

    /** Classes whose instances are kept as data, state and all: networks saved whole, TorchScript included. */
    private static final Pattern MODULE_CLASS = Pattern.compile(
            "(training\\.networks\\w*|training\\.augment|torch\\.nn\\.modules\\.\\w+|__torch__[\\w.]*)\\.[A-Za-z]\\w*");
    private static final Pattern TENSORFLOW_NETWORK = Pattern.compile("(dnnlib\\.tflib|tfutil|tflib)\\..*");

    private static final Map<String, Factory> TABLE = new HashMap<>();

    static {
        for (var builtins : List.of("builtins", "__builtin__")) {
            TABLE.put(builtins + ".dict", PickleContainers::dictionary);
            TABLE.put(builtins + ".list", args -> new ArrayList<>(PickleContainers.elements(args)));
            TABLE.put(builtins + ".tuple", args -> new ArrayList<>(PickleContainers.elements(args)));
            TABLE.put(builtins + ".set", PickleGlobals::set);
            TABLE.put(builtins + ".frozenset", PickleGlobals::set);
            TABLE.put(builtins + ".bytes", PickleGlobals::bytes);
            TABLE.put(builtins + ".bytearray", PickleGlobals::bytes);
            for (var type : List.of("bool", "int", "long", "float", "str", "unicode", "object")) {
                TABLE.put(builtins + "." + type, PickleGlobals::uncallable);
            }
        }
        TABLE.put("_codecs.encode", args -> args.bytes(0));
        TABLE.put("collections.OrderedDict", PickleContainers::dictionary);
        TABLE.put("collections.Counter", PickleContainers::dictionary);
        TABLE.put("collections.defaultdict", PickleGlobals::defaultdict);
        TABLE.put("dnnlib.util.EasyDict", PickleContainers::dictionary);
        for (var inert : List.of("argparse.Namespace", "types.SimpleNamespace", "pathlib.Path", "pathlib.PosixPath",
                "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "torch.device")) {
            TABLE.put(inert, PickleGlobals::inert);
        }
        TABLE.put("torch_utils.persistence._reconstruct_persistent_obj", PickleGlobals::persistent);

        TABLE.put("torch.Size", args -> new ArrayList<>(PickleContainers.elements(args)));
        TABLE.put("torch._utils._rebuild_tensor", TorchView::of);
        TABLE.put("torch._utils._rebuild_tensor_v2", TorchView::of);
        TABLE.put("torch._utils._rebuild_parameter", args -> args.get(0, TorchView.class));
        TABLE.put("torch._utils._rebuild_parameter_with_state", args -> args.get(0, TorchView.class));
        TABLE.put("torch.nn.parameter.Parameter", TorchParameter::of);
        TABLE.put("torch._tensor._rebuild_from_type_v2", PickleGlobals::rebuildFromType);
        TABLE.put("torch.storage._load_from_bytes", args -> TorchLegacy.storage(
                args.source().over("torch storage", args.bytes(0)), args.budget()));
        for (var type : StoredType.values()) {
            TABLE.put("torch." + type.torchStorage(), PickleGlobals::uncallable);
        }
        for (var constant : List.of("Tensor", "float64", "float32", "float16", "bfloat16",
                "int64", "int32", "int16", "int8", "uint8", "bool", "contiguous_format", "channels_last", "strided")) {
            TABLE.put("torch." + constant, PickleGlobals::uncallable);
        }

        TABLE.put("numpy.ndarray", PickleGlobals::uncallable);
        TABLE.put("numpy.dtype", NumpyDtype::of);
        for (var core : List.of("numpy.core", "numpy._core")) {
            TABLE.put(core + ".multiarray._reconstruct", args -> new NumpyArray());
            TABLE.put(core + ".multiarray.scalar", NumpyArray::scalar);
            TABLE.put(core + ".numeric._frombuffer", NumpyArray::fromBuffer);
        }
    }

    private PickleGlobals() {
    }

    /**
     * Looks a name up.
     *
     * @throws CheckpointException if it is not in the table
     */
    static Global find(Source source, String module, String name) throws CheckpointException {
        var qualified = module + "." + name;
        var factory = TABLE.get(qualified);
        if (factory == null && MODULE_CLASS.matcher(qualified).matches()) {
            factory = PickleGlobals::inert;
        }
        if (factory == null && TENSORFLOW_NETWORK.matcher(qualified).matches()) {
            throw source.error("an old TensorFlow network pickle (" + qualified + "), which only its own code can read;"
                    + " convert it once with legacy.py of stylegan2-ada-pytorch:"
                    + " python legacy.py --source=OLD.pkl --dest=NEW.pkl");
        }
        if (factory == null) {
            throw source.error("refused: the pickle asks for " + qualified + ", which is not a known harmless class");
        }
        return new Global(qualified, factory);
    }

    private static Object inert(PickleArgs args) {
        return new PickleInstance(args.global(), args.values(), null);
    }

    /** A class or constant that may be mentioned, but not called. */
    private static Object uncallable(PickleArgs args) throws CheckpointException {
        throw args.malformed("call");
    }

    private static Object set(PickleArgs args) throws CheckpointException {
        return PickleContainers.add(args.source(), new LinkedHashSet<>(), PickleContainers.elements(args));
    }

    private static Object bytes(PickleArgs args) throws CheckpointException {
        return args.size() == 0 ? MemorySegment.ofArray(new byte[0]) : args.bytes(0);
    }

    /** {@code defaultdict(factory, items)}; the factory is dropped. */
    private static Object defaultdict(PickleArgs args) throws CheckpointException {
        return PickleContainers.dictionary(args.with(args.values().subList(Math.min(1, args.size()), args.size())));
    }

    /**
     * A tensor with Python attributes: function, type, arguments, attributes. Only the functions that make tensors may
     * be named, so this cannot call itself.
     */
    private static Object rebuildFromType(PickleArgs args) throws CheckpointException {
        var function = args.get(0, Global.class);
        if (!function.name().startsWith("torch._utils._rebuild_")) {
            throw args.malformed("argument 0");
        }
        return function.make(new PickleArgs(args.source(), args.budget(), function.name(), args.list(2)));
    }

    /** NVlabs' persistence: a dictionary of class name, source text (never looked at) and instance state. */
    private static Object persistent(PickleArgs args) throws CheckpointException {
        Map<?, ?> meta = args.get(0, Map.class);
        if (!(meta.get("class_name") instanceof String className)) {
            throw args.malformed("class_name");
        }
        return new PickleInstance(className, List.of(), meta.get("state"));
    }
}
