package camlab.network.export;

import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.Named;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Result;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Value;
import camlab.network.program.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Operators that do several things at once, in steps of which each has a rule of its own: attention
 * in one piece is a product, a softmax and a product; a quotient of two layers is a product with
 * one over the second.
 */
final class Steps {

  private static final Set<String> ATTENTION =
      Set.of("scaled_dot_product_attention", "_scaled_dot_product_flash_attention_for_cpu");

  private static final String YES_OR_NO = "11";

  private final Node whole;
  private final String name;
  private final Predicate<Value> isLayer;
  private final Map<String, List<Long>> sizes;
  private final Map<String, String> types;
  private final List<Node> steps = new ArrayList<>();

  private Steps(
      Node whole,
      Predicate<Value> isLayer,
      Map<String, List<Long>> sizes,
      Map<String, String> types) {
    this.whole = whole;
    this.isLayer = isLayer;
    this.sizes = sizes;
    this.types = types;
    name = whole.results().get(0) instanceof One one ? one.name() : "";
  }

  /**
   * The steps of a call; empty if it is one by itself, or is called in a way that is not known. The
   * last makes what the call makes.
   *
   * @param node the call
   * @param isLayer whether a value is made by layers
   * @param sizes the lengths of tensors by their names
   * @param types the types of their numbers by their names
   */
  static List<Node> of(
      Node node,
      Predicate<Value> isLayer,
      Map<String, List<Long>> sizes,
      Map<String, String> types) {
    String operator = Operators.plain(node.target()).orElse("");
    Steps steps = new Steps(node, isLayer, sizes, types);
    boolean known =
        switch (operator) {
          case "div", "divide", "true_divide" -> steps.quotient();
          case "linalg_vector_norm", "norm" -> steps.length();
          case "glu" -> steps.gatedHalf();
          case "addcmul" -> steps.sumWithProduct("mul");
          case "addcdiv" -> steps.sumWithProduct("div");
          case "addmm", "addmv" -> steps.sumOf("matmul");
          case "baddbmm" -> steps.sumOf("bmm");
          case "lerp" -> steps.between();
          case "maximum" -> steps.larger("amax");
          case "minimum" -> steps.larger("amin");
          case "amin", "min" -> steps.smallest();
          case "var", "std", "var_mean", "std_mean" -> steps.spread(operator);
          case "cosine_similarity" -> steps.cosine();
          default -> ATTENTION.contains(operator) && steps.attention();
        };
    return known ? List.copyOf(steps.steps) : List.of();
  }

  // Nodes

  private static Named with(String name, Argument value) {
    return Named.placed(name, value);
  }

  private static Named with(Argument value) {
    return with("", value);
  }

  private static Named with(String name, String literal) {
    return with(name, new Literal(literal));
  }

  /** By its name alone, behind those that have places. */
  private static Named keyword(String name, Argument value) {
    return new Named(name, value, Optional.of(false));
  }

  private Value step(String word, String operator, Named... arguments) {
    return step(word, "torch.ops.aten.%s.default".formatted(operator), true, arguments);
  }

  private Value step(String word, String target, boolean tensor, Named... arguments) {
    String made = name + "." + word;
    steps.add(new Node(target, List.of(arguments), List.of(new One(made, tensor)), List.of()));
    return new Value(made);
  }

  /** The last step, which makes what the call makes. */
  private boolean last(String operator, Named... arguments) {
    return last(whole.results().get(0), operator, arguments);
  }

  private boolean last(Result result, String operator, Named... arguments) {
    steps.add(
        new Node(
            "torch.ops.aten.%s.default".formatted(operator),
            List.of(arguments),
            List.of(result),
            whole.calls()));
    return true;
  }

  private Optional<Value> value(int place) {
    return place < whole.arguments().size()
            && whole.arguments().get(place).value() instanceof Value value
        ? Optional.of(value)
        : Optional.empty();
  }

  /** How many of the tensors a call is given are made by layers. */
  private long layers() {
    return whole.arguments().stream()
        .map(Named::value)
        .filter(Value.class::isInstance)
        .filter(value -> isLayer.test((Value) value))
        .count();
  }

  private boolean isGiven(String name) {
    return whole
        .argument(name)
        .filter(argument -> !argument.equals(new Literal("None")))
        .isPresent();
  }

  private String literal(String name, String otherwise) {
    return whole.literal(name).filter(text -> !text.equals("None")).orElse(otherwise);
  }

  private static boolean isWhole(String text, int number) {
    return text.matches(number + "(\\.0*)?");
  }

  // Operators

  /** x ⊙ 1/y. */
  private boolean quotient() {
    if (layers() != 2 || isGiven("rounding_mode")) {
      return false;
    }
    Value inverse = step("reciprocal", "reciprocal", with(value(1).orElseThrow()));
    return last("mul", with(value(0).orElseThrow()), with(inverse));
  }

  /** √Σx². */
  private boolean length() {
    String order = literal("ord", literal("p", "2"));
    if (!isWhole(order, 2) || isGiven("dtype") || value(0).isEmpty()) {
      return false;
    }
    Value squares = step("squares", "square", with(value(0).orElseThrow()));
    return last("sqrt", with(step("sum", "sum", along(squares))));
  }

  /** A value and the axes that the call goes along; without any, along all. */
  private Named[] along(Value value) {
    return isGiven("dim")
        ? new Named[] {
          with(value),
          with("dim", several(whole.argument("dim").orElseThrow())),
          with("keepdim", literal("keepdim", "False"))
        }
        : new Named[] {with(value)};
  }

  private static Argument several(Argument argument) {
    return argument instanceof Several ? argument : new Several(List.of(argument), "int");
  }

  /** a ⊙ σ(b) of the halves a and b. */
  private boolean gatedHalf() {
    List<String> names = List.of(name + ".values", name + ".gate");
    steps.add(
        new Node(
            "torch.ops.aten.chunk.default",
            List.of(
                with(value(0).orElseThrow()),
                with("chunks", "2"),
                with("dim", literal("dim", "-1"))),
            List.of(new Parts(names)),
            List.of()));
    Value gate = step("sigmoid", "sigmoid", with(new Value(names.get(1))));
    return last("mul", with(new Value(names.get(0))), with(gate));
  }

  /** x + v y ⊙ z, or x + v y ⊘ z. */
  private boolean sumWithProduct(String product) {
    if (layers() < (product.equals("div") ? 1 : 2)) {
      return false;
    }
    Value made = step(product, product, with(argument(1)), with(argument(2)));
    return last("add", with(argument(0)), with(made), factor("value"));
  }

  /** b x + a y z. */
  private boolean sumOf(String product) {
    if (layers() < 2) {
      return false;
    }
    Value made = step("matmul", product, with(argument(1)), with(argument(2)));
    Value offset =
        isGiven("beta")
            ? step("beta", "mul", with(argument(0)), with("other", literal("beta", "1")))
            : value(0).orElseThrow();
    return last("add", with(offset), with(made), factor("alpha"));
  }

  /** By how much a sum multiplies what it adds. */
  private Named factor(String name) {
    return keyword("alpha", new Literal(literal(name, "1")));
  }

  private Argument argument(int place) {
    return whole.arguments().get(place).value();
  }

  /** x + w ⊙ (y − x). */
  private boolean between() {
    if (layers() < 2) {
      return false;
    }
    Value way = step("sub", "sub", with(argument(1)), with(argument(0)));
    Value part = step("mul", "mul", with(way), with(argument(2)));
    return last("add", with(argument(0)), with(part));
  }

  /** The larger, or the smaller, of two values each: of both side by side. */
  private boolean larger(String operator) {
    if (layers() != 2 || value(0).isEmpty() || value(1).isEmpty()) {
      return false;
    }
    List<Argument> both = List.of(value(0).orElseThrow(), value(1).orElseThrow());
    List<List<Long>> lengths =
        both.stream().map(each -> sizes.get(((Value) each).name())).distinct().toList();
    if (lengths.size() != 1 || lengths.get(0) == null) {
      return false;
    }
    Value stacked = step("stack", "stack", with(new Several(both, "Tensor")), with("dim", "0"));
    return last(operator, with(stacked), with("dim", several(new Literal("0"))));
  }

  /** −max(−x): what a smallest value rises by has other places than what a largest one does. */
  private boolean smallest() {
    Value opposite = step("opposite", "neg", with(argument(0)));
    return last("neg", with(step("largest", "amax", along(opposite))));
  }

  /** The mean of (x − mean)², times n / (n − c), or its root; and the mean, where it is asked. */
  private boolean spread(String operator) {
    List<Long> lengths = value(0).map(each -> sizes.get(each.name())).orElse(null);
    if (lengths == null || !isGiven("dim") || whole.argument("unbiased").isPresent()) {
      return false;
    }
    Several axes = (Several) several(whole.argument("dim").orElseThrow());
    long count = 1;
    for (Argument each : axes.elements()) {
      long axis = Long.parseLong(((Literal) each).text());
      count *= lengths.get(Math.floorMod(axis, lengths.size()));
    }
    double fewer = Double.parseDouble(literal("correction", "1"));
    if (count <= fewer) {
      return false;
    }
    Value x = value(0).orElseThrow();
    Named along = with("dim", axes);
    Named kept = with("keepdim", "True");
    Value mean = step("mean", "mean", with(x), along, kept);
    Value squares = step("squares", "square", with(step("sub", "sub", with(x), with(mean))));
    Named keep = with("keepdim", literal("keepdim", "False"));
    boolean root = operator.startsWith("std");
    Value averaged = step("variance", "mean", with(squares), along, keep);
    Named factor = with("other", String.valueOf(count / (count - fewer)));
    if (root) {
      last("sqrt", with(step("scaled", "mul", with(averaged), factor)));
    } else {
      last("mul", with(averaged), factor);
    }
    boolean both = operator.endsWith("mean") && !resultName(1).isEmpty();
    return !both || last(whole.results().get(1), "mean", with(x), along, keep);
  }

  private String resultName(int place) {
    return place < whole.results().size() && whole.results().get(place) instanceof One one
        ? one.name()
        : "";
  }

  /** x/‖x‖ · y/‖y‖, of lengths of at least ε. */
  private boolean cosine() {
    Named axis = with("dim", literal("dim", "1"));
    List<Value> units = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String word = i == 0 ? "first" : "second";
      Value length =
          step(
              word + ".length",
              "linalg_vector_norm",
              with(argument(i)),
              with("ord", "2"),
              with("dim", several(axis.value())),
              with("keepdim", "True"));
      Named least = with("min", literal("eps", "1e-8"));
      Value bounded = step(word + ".bounded", "clamp_min", with(length), least);
      units.add(step(word + ".unit", "div", with(argument(i)), with(bounded)));
    }
    Value products = step("mul", "mul", with(units.get(0)), with(units.get(1)));
    return last("sum", with(products), with("dim", several(axis.value())));
  }

  // Attention

  /** softmax(Q Kᵀ / √d + mask) V. Where a mask says no to all, nothing comes out. */
  private boolean attention() {
    List<Value> given = Stream.of(0, 1, 2).flatMap(place -> value(place).stream()).toList();
    Optional<Value> mask =
        whole.argument("attn_mask").filter(Value.class::isInstance).map(Value.class::cast);
    boolean causal = literal("is_causal", "False").equals("True");
    if (given.size() != 3
        || !isWhole(literal("dropout_p", "0.0"), 0)
        || mask.filter(value -> !types.containsKey(value.name())).isPresent()) {
      return false;
    }
    Value query = given.get(0);
    boolean grouped = literal("enable_gqa", "False").equals("True");
    Value key = grouped ? repeated("keys", query, given.get(1)) : given.get(1);
    Value values = grouped ? repeated("values", query, given.get(2)) : given.get(2);
    Value turned = step("turned", "transpose", with(key), with("dim0", "-2"), with("dim1", "-1"));
    Value products = step("products", "matmul", with(query), with(turned));
    Argument scale = isGiven("scale") ? whole.argument("scale").orElseThrow() : oneOverRoot(query);
    Value scores = step("scores", "mul", with(products), with(scale));
    if (causal) {
      Value ones =
          step("ones", "ones_like", with(scores), keyword("dtype", new Literal(YES_OR_NO)));
      scores = chosen(scores, step("causal", "tril", with(ones)));
    }
    if (mask.isPresent()) {
      boolean chooses = types.get(mask.get().name()).equals("Bool");
      scores =
          chooses
              ? chosen(scores, mask.get())
              : step("masked", "add", with(scores), with(mask.get()));
    }
    Value shares = step("shares", "_safe_softmax", with(scores), with("dim", "-1"));
    return last("matmul", with(shares), with(values));
  }

  /** Each head of keys or values as often as there are heads of questions to it. */
  private Value repeated(String word, Value query, Value heads) {
    Value all = size(word + ".all", query, "-3");
    Value some = size(word + ".some", heads, "-3");
    Value times = step(word + ".times", "_operator.floordiv", false, with(all), with(some));
    return step(word, "repeat_interleave", with(heads), with(times), with("dim", "-3"));
  }

  private Value size(String word, Value value, String axis) {
    return step(word, "torch.ops.aten.sym_size.int", false, with(value), with("dim", axis));
  }

  private Value oneOverRoot(Value query) {
    Value root = step("root", "math.sqrt", false, with(size("width", query, "-1")));
    return step("scale", "_operator.truediv", false, with(new Literal("1.0")), with(root));
  }

  /** Scores where a mask says yes, and none elsewhere. */
  private Value chosen(Value scores, Value mask) {
    Value hidden = step("hidden", "logical_not", with(mask));
    return step("masked", "masked_fill", with(scores), with(hidden), with("value", "-inf"));
  }
}
