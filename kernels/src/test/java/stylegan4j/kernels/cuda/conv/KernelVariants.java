package stylegan4j.kernels.cuda.conv;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.conv.WeightGradientPlan.Shape;
import stylegan4j.kernels.cuda.map.Chain;

/** The options that the program compiles its kernels with. */
public final class KernelVariants {
    private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16);

    /** How features of these types are multiplied: half types as such, others in any precision. */
    private record Features(Precision precision, DType x, DType y) {
        static final List<Features> ALL = Stream.of(Precision.values()).flatMap(p -> TYPES.stream()
                .flatMap(x -> TYPES.stream().map(y -> new Features(p, x, y)))).filter(Features::isPossible).toList();
        static final List<Features> USUAL = ALL.stream().filter(f -> f.x == f.y
                && (f.x != DType.F32 || f.precision == Precision.F32 || f.precision == Precision.TF32)).toList();

        private boolean isPossible() {
            DType half = x == DType.F32 ? y : x;
            boolean mixes = x != DType.F32 && y != DType.F32 && x != y;
            return !mixes && (half == DType.F32 || half.name().equals(precision.name()));
        }

        List<String> options() {
            return List.of(Options.precision(precision), TypedKernel.option("X_TYPE", x),
                    TypedKernel.option("Y_TYPE", y));
        }
    }

    private final boolean all;
    private int turn;

    private KernelVariants(boolean all) {
        this.all = all;
    }

    /** Every set of options of a source. */
    public static List<List<String>> all(String source) {
        return new KernelVariants(true).of(source);
    }

    /**
     * Some of them: every tile in the usual element types with as many pieces of a patch in registers as are ever
     * asked for, which is where registers run out; activations, which only the last step of a kernel sees, take turns.
     */
    public static List<List<String>> some(String source) {
        return new KernelVariants(false).of(source);
    }

    private List<List<String>> of(String source) {
        return switch (source) {
            case "conv.cu" -> convolutions();
            case "conv_up.cu" -> features().stream().flatMap(f -> activations()
                    .map(a -> join(f.options(), List.of(a)))).toList();
            case "conv_weight.cu" -> weightGradients();
            case "finish.cu" -> finishes();
            case "gemm.cu" -> products();
            case "pack.cu" -> Stream.of(Precision.values()).map(p -> List.of(Options.precision(p))).toList();
            case "to_rgb.cu" -> toRgb();
            case "bias_act.cu" -> typed("A_TYPE", "REFERENCE_TYPE", "Y_TYPE");
            case "elementwise.cu" -> typed("A_TYPE", "B_TYPE", "Y_TYPE");
            case "reduce.cu" -> typed("A_TYPE", "B_TYPE");
            case "chain.cu" -> List.of(List.of(), Chain.options(longChain()));
            case "upfirdn2d.cu" -> typed("X_TYPE", "Y_TYPE");
            case "channel_scale.cu" -> typed("X_TYPE");
            default -> List.of(List.of());
        };
    }

    private List<Features> features() {
        return all ? Features.ALL : Features.USUAL;
    }

    private Stream<String> activations() {
        Activation[] values = Activation.values();
        return all ? Stream.of(values).map(Options::activation)
                : Stream.of(Options.activation(values[turn++ % values.length]));
    }

    private List<List<String>> convolutions() {
        List<List<String>> variants = new ArrayList<>();
        for (TileShape tile : TileShape.ALL) {
            for (Features features : features()) {
                int most = tile.mostPieces(features.precision);
                for (int pieces = all ? 1 : Math.max(1, most); pieces <= most; pieces *= 2) {
                    List<String> options = join(features.options(), PatchConvolution.tile(tile, pieces));
                    activations().forEach(a -> variants.add(join(options, List.of(a))));
                }
            }
        }
        return variants;
    }

    private List<List<String>> weightGradients() {
        List<List<String>> variants = new ArrayList<>();
        for (Features features : features()) {
            if (features.x != features.y) {
                continue;
            }
            for (int taps = 1; taps <= Shape.MOST_TAPS; taps += all ? 1 : Shape.MOST_TAPS - 1) {
                for (int pieces = all ? 1 : WeightGradientPlan.MOST_PIECES; pieces <= WeightGradientPlan.MOST_PIECES;
                        pieces *= 2) {
                    for (Shape shape : Shape.all(taps)) {
                        variants.add(PatchWeightGradient.options(features.precision, features.x, shape, pieces));
                    }
                }
            }
        }
        return variants;
    }

    private List<List<String>> finishes() {
        List<List<String>> variants = new ArrayList<>();
        for (Features features : features()) {
            List<String> types = features.options().subList(1, 3);
            activations().forEach(a -> {
                variants.add(join(types, List.of(a)));
                for (int taps = all ? 1 : 4; taps <= (all ? 8 : 4); taps++) {
                    for (int separable = 0; separable < 2; separable++) {
                        variants.add(join(types, List.of(a, Options.number("TAPS_Y", taps),
                                Options.number("TAPS_X", taps), Options.number("SEPARABLE", separable))));
                    }
                }
            });
        }
        return variants.stream().distinct().toList();
    }

    private List<List<String>> products() {
        List<List<String>> variants = new ArrayList<>();
        for (Features features : features()) {
            boolean float32 = features.x == DType.F32 && features.y == DType.F32;
            for (int kind = 0; kind < 4; kind++) {
                // a weight's gradient reads two pictures, the others a picture and a weight
                DType a = kind == 3 ? features.y : DType.F32;
                DType y = kind == 3 ? DType.F32 : features.y;
                if (kind > 0 || float32) {
                    variants.add(List.of(Options.precision(features.precision), Options.number("KIND", kind),
                            TypedKernel.option("A_TYPE", a), TypedKernel.option("B_TYPE", features.x),
                            TypedKernel.option("Y_TYPE", y)));
                }
            }
        }
        return variants;
    }

    private List<List<String>> toRgb() {
        List<List<String>> variants = new ArrayList<>();
        for (DType x : TYPES) {
            for (int channels = all ? 1 : 3; channels <= 4; channels++) {
                for (int vector = 1; vector <= 4; vector += 3) {
                    variants.add(List.of(TypedKernel.option("X_TYPE", x), Options.number("VECTOR", vector),
                            Options.number("OUT_CHANNELS", channels)));
                }
            }
        }
        return variants;
    }

    /** Every function of one array of an array of its own, the results added up: many values at a time. */
    private static ElementwiseChain longChain() {
        int inputs = 8;
        List<ElementwiseChain.Step> steps = new ArrayList<>();
        for (UnaryOp op : UnaryOp.values()) {
            steps.add(new ElementwiseChain.Unary(op, op.ordinal() % inputs, 1, 1));
        }
        int last = inputs;
        for (int i = 1; i < UnaryOp.values().length; i++) {
            steps.add(new ElementwiseChain.Binary(BinaryOp.ADD, last, inputs + i));
            last = inputs + steps.size() - 1;
        }
        return new ElementwiseChain(inputs, steps);
    }

    /** Every choice of types for the macros; of some, all F32, and all the same half type. */
    private List<List<String>> typed(String... macros) {
        List<List<String>> variants = List.of(List.of());
        for (String macro : macros) {
            variants = variants.stream().flatMap(v -> TYPES.stream()
                    .map(t -> join(v, List.of(TypedKernel.option(macro, t))))).toList();
        }
        return all ? variants : variants.stream().filter(v -> v.stream().map(o -> o.substring(o.indexOf('=')))
                .distinct().count() == 1).collect(Collectors.toList());
    }

    private static List<String> join(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
