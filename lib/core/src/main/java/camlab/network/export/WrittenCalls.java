package camlab.network.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import camlab.engine.PyTorch;
import camlab.network.KnownLayer;
import camlab.network.LayerKind;
import camlab.network.torchscript.WrittenProgram;
import camlab.weights.RawTensors.Raw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Single calls of a program as layers: each is a method of one small program that is written here,
 * and computes what PyTorch's own operator does.
 */
final class WrittenCalls {

  private final ProgramModule module = new ProgramModule("camlab.Calls", "");

  /** The names of the methods by what they are behind their names. */
  private final Map<String, String> methods = new LinkedHashMap<>();

  /** What is done once it is loaded. */
  private final List<Runnable> loaded = new ArrayList<>();

  /** Null before it is loaded. */
  private PyTorch.Program program;

  /**
   * One call.
   *
   * @param lines what is worked out before it, a line each
   * @param expression what it is, with the names of its parameters and of what the lines make
   * @param parameters their names, in order
   */
  record Written(String lines, String expression, List<String> parameters) {

    /** Copies the names. */
    Written {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * A tensor that no layer makes and that is no parameter.
   *
   * @param name its name in the file
   * @param raw its numbers
   * @return how a call asks for it
   */
  String tensor(String name, Raw raw) {
    module.tensors().putIfAbsent(name, new ProgramModule.Held(raw, false));
    return ProgramModule.attribute("self", name);
  }

  /**
   * A call as a layer, which runs once {@link #load} has been called.
   *
   * @param kind what it is
   * @param carried how many of its inputs give it values
   * @param written the call; its parameters are the layer's inputs, and behind them those given
   * @param given tensors of the file
   */
  Block layer(LayerKind kind, int carried, Written written, NDList given) {
    String name = method(written);
    return new Call(kind, carried, inputs -> run(name, inputs, given));
  }

  private String method(Written written) {
    StringBuilder text = new StringBuilder("(self: ").append(module.className());
    written.parameters().forEach(name -> text.append(",\n    ").append(name).append(": Tensor"));
    text.append(") -> Tensor:\n").append(written.lines());
    text.append("    return ").append(written.expression()).append("\n");
    return methods.computeIfAbsent(
        text.toString(), each -> String.format(Locale.ROOT, "call_%d", methods.size()));
  }

  /**
   * A call with weights, which can be others than those of the file.
   *
   * @param kind what it is
   * @param written the call; its parameters are the layer's one input, and behind it the weights
   * @param names the names of the weights, {@code weight} and {@code bias}
   * @param given what they are, asked for when the calls are loaded, in the same order
   */
  Block layer(LayerKind kind, Written written, List<String> names, List<Supplier<NDArray>> given) {
    Weighted layer = new Weighted(kind, this, method(written), names);
    loaded.add(() -> layer.set(given.stream().map(Supplier::get).toList()));
    return layer;
  }

  /**
   * What a call makes of tensors of the file alone: it runs once.
   *
   * @param written the call
   * @param given the tensors it takes
   * @return what it makes, which belongs to the program, once {@link #load} has been called
   */
  Supplier<NDArray> constant(Written written, NDList given) {
    List<String> names = new ArrayList<>(written.parameters());
    // The engine calls no method without arguments.
    names.add("nothing");
    String name = method(new Written(written.lines(), written.expression(), names));
    return () -> {
      NDList arguments = new NDList(given);
      arguments.add(program.manager().create(0f));
      NDArray found = program.run(name, arguments).head().stopGradient();
      found.attach(program.manager());
      return found;
    };
  }

  private NDList run(String name, NDList inputs, NDList given) {
    NDList arguments = new NDList(inputs);
    arguments.addAll(given);
    return program.run(name, arguments);
  }

  /**
   * Loads the calls.
   *
   * @param loader loads a program
   */
  void load(Function<WrittenProgram, PyTorch.Program> loader) {
    StringBuilder text = new StringBuilder();
    methods.forEach((method, name) -> text.append("  def ").append(name).append(method));
    module.forward(text.toString());
    String file = module.className().replaceFirst("\\.\\w+$", "").replace('.', '/') + ".py";
    program = loader.apply(ProgramFile.of(module, Map.of(file, module.text())));
    loaded.forEach(Runnable::run);
  }

  /** A layer that is one call. */
  private static final class Call extends LambdaBlock implements KnownLayer {

    private final LayerKind kind;
    private final int carried;

    Call(LayerKind kind, int carried, Function<NDList, NDList> function) {
      super(function, "call");
      this.kind = kind;
      this.carried = carried;
    }

    @Override
    public LayerKind kind() {
      return kind;
    }

    @Override
    public int carried() {
      return carried;
    }
  }

  /** A layer that is one call, with weights. */
  private static final class Weighted extends AbstractBlock implements KnownLayer {

    private final LayerKind kind;
    private final WrittenCalls calls;
    private final String method;

    Weighted(LayerKind kind, WrittenCalls calls, String method, List<String> names) {
      this.kind = kind;
      this.calls = calls;
      this.method = method;
      for (String name : names) {
        addParameter(Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build());
      }
    }

    void set(List<NDArray> weights) {
      int place = 0;
      for (Parameter parameter : getDirectParameters().values()) {
        parameter.setArray(weights.get(place++));
      }
    }

    @Override
    public LayerKind kind() {
      return kind;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDList weights = new NDList();
      for (Parameter parameter : getDirectParameters().values()) {
        weights.add(store.getValue(parameter, inputs.head().getDevice(), training));
      }
      return calls.run(method, inputs, weights);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      NDList weights = new NDList();
      try (NDManager scope = calls.program.manager().newSubManager()) {
        for (Parameter parameter : getDirectParameters().values()) {
          NDArray view = parameter.getArray().stopGradient();
          view.attach(scope);
          weights.add(view);
        }
        NDList inputs = new NDList(scope.zeros(inputShapes[0]));
        return new Shape[] {calls.run(method, inputs, weights).head().getShape()};
      }
    }
  }
}
