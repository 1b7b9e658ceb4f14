package stylegan4j.kernels.cuda.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.ElementwiseChain.Binary;
import stylegan4j.kernels.ElementwiseChain.Unary;
import stylegan4j.kernels.ElementwiseChain.Where;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Layout;
import stylegan4j.kernels.cuda.Params;

/** Several elementwise functions in one pass: a kernel for each chain, whose scalars are parameters. */
public final class Chain {
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Map<List<String>, Kernel> kernels = new ConcurrentHashMap<>();

    public Chain(CudaContext cuda) {
        this.cuda = cuda;
    }

    public void run(ElementwiseChain chain, List<NdArray> inputs, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        List<NdArray> arrays = new ArrayList<>(inputs);
        arrays.add(y);
        Layout layout = Layout.of(y.shape(), arrays.toArray(NdArray[]::new));
        Params params = Params.start();
        arrays.forEach(params::pointer);
        layout.into(params);
        List<Unary> unaries = chain.steps().stream().filter(Unary.class::isInstance).map(Unary.class::cast).toList();
        unaries.forEach(unary -> params.real(unary.p()).real(unary.q()));
        if (unaries.isEmpty()) {
            params.real(0); // C has no array of nothing
        }
        Kernel kernel = kernels.computeIfAbsent(options(chain), o -> cuda.kernel("chain.cu", "chain_map",
                o.toArray(String[]::new)));
        cuda.launch(kernel, layout.groups(), THREADS, params);
    }

    /** Tells the source a chain: its steps as statements, without their scalars. */
    public static List<String> options(ElementwiseChain chain) {
        StringBuilder text = new StringBuilder();
        int scalars = 0;
        for (int i = 0; i < chain.steps().size(); i++) {
            text.append("float ").append(name(chain, chain.inputs() + i)).append('=');
            switch (chain.steps().get(i)) {
                case Unary(UnaryOp op, int x, float _, float _) -> {
                    text.append("unary(UNARY_").append(op).append(',').append(name(chain, x)).append(",s[")
                            .append(scalars).append("],s[").append(scalars + 1).append("]);");
                    scalars += 2;
                }
                case Binary(BinaryOp op, int a, int b) -> text.append("binary(BINARY_").append(op).append(',')
                        .append(name(chain, a)).append(',').append(name(chain, b)).append(");");
                case Where(int condition, int a, int b) -> text.append(name(chain, condition)).append("!=0?")
                        .append(name(chain, a)).append(':').append(name(chain, b)).append(';');
            }
        }
        text.append("return ").append(name(chain, chain.inputs() + chain.steps().size() - 1)).append(';');
        return List.of("-DINPUTS=" + chain.inputs(), "-DSCALARS=" + Math.max(1, scalars), "-DCHAIN=" + text);
    }

    private static String name(ElementwiseChain chain, int operand) {
        return operand < chain.inputs() ? "x[" + operand + "]" : "v" + operand;
    }
}
