package camlab.network.export;

import camlab.network.NotApplicableException;
import camlab.network.program.Graph;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Input;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A graph without writes into tensors: each call that changes a tensor makes a new one instead, and
 * whoever asks for the tensor, or for another view of it, behind that gets the new one.
 *
 * <p>{@code x[:, 0].fill_(1)} is a view, and a write into it. Of it becomes what the view is then,
 * and what x is with that in its place ({@code select_scatter}), through as many views as there
 * are. So each value is made once and stays as it is, and a call can be run by itself.
 */
final class WithoutWrites {

  private static final String OPERATOR = "torch.ops.aten.%s.default";

  /** The values in another shape: who writes into them writes as many into what they are of. */
  private static final Set<String> RESHAPED =
      Set.of(
          "view",
          "_unsafe_view",
          "reshape",
          "view_as",
          "reshape_as",
          "flatten",
          "unflatten",
          "squeeze",
          "unsqueeze");

  /** The same values in the same memory. */
  private static final Set<String> SAME =
      Set.of("alias", "detach", "contiguous", "dropout", "feature_dropout", "lift_fresh", "lift");

  /** They copy what does not lie in its order, and else are views. */
  private static final Set<String> COPYING =
      Set.of("reshape", "reshape_as", "flatten", "contiguous");

  private static final Set<String> SWAPPED = Set.of("transpose", "swapaxes", "t", "numpy_T");

  /** The engine itself refuses to write into one of several views that come at once. */
  private static final Set<String> PIECES =
      Set.of("split", "split_with_sizes", "chunk", "tensor_split", "unbind");

  private static final Set<String> PARTS =
      Set.of("slice", "select", "narrow", "diagonal", "permute", "expand", "expand_as");

  private final String what;
  private final Map<String, List<Long>> sizes;
  private final Map<String, String> types;
  private final List<Node> nodes = new ArrayList<>();

  /** The value that stands for one now, where it is not itself. */
  private final Map<String, String> current = new HashMap<>();

  /** Of what a write returns, the value that was written into. */
  private final Map<String, String> written = new HashMap<>();

  private final Map<String, View> views = new TreeMap<>();

  /** Views of what was written into since. */
  private final Set<String> stale = new HashSet<>();

  private int fresh;

  /**
   * A value that lies in the memory of another.
   *
   * @param base the other
   * @param node the call that makes it
   * @param part which of its results it is
   */
  private record View(String base, Node node, int part) {

    String operator() {
      return Operators.plain(node.target()).orElse("");
    }
  }

  private WithoutWrites(String what, Graph graph) {
    this.what = what;
    sizes = new HashMap<>(graph.sizes());
    types = new HashMap<>(graph.types());
  }

  /**
   * The same graph without writes.
   *
   * @param what the file, for messages
   * @throws NotApplicableException if it writes into a view of which it is not known where it lies
   */
  static Graph of(String what, Graph graph) {
    if (graph.nodes().stream().noneMatch(node -> Operators.isInPlace(node.target()))) {
      return graph;
    }
    return new WithoutWrites(what, graph).rewritten(graph);
  }

  private Graph rewritten(Graph graph) {
    for (Node node : graph.nodes()) {
      try {
        add(node);
      } catch (ArithmeticException
          | ClassCastException
          | IndexOutOfBoundsException
          | NumberFormatException e) {
        NotApplicableException refused = unknown(node);
        refused.initCause(e);
        throw refused;
      }
    }
    List<Input> inputs = graph.inputs();
    List<Argument> outputs = graph.outputs().stream().map(this::now).toList();
    return new Graph(inputs, nodes, outputs, sizes, types);
  }

  private void add(Node node) {
    if (!Operators.isInPlace(node.target())) {
      nodes.add(now(node));
      note(node);
      return;
    }
    if (!(node.arguments().get(0).value() instanceof Value target)
        || !(node.results().get(0) instanceof One result)) {
      nodes.add(now(node));
      return;
    }
    String changed = original(target.name());
    Node made = now(node);
    String operator = Operators.plain(node.target()).orElseThrow();
    String plain = node.target().replaceFirst("aten\\.\\w+", "aten." + operator);
    One named = result.name().isEmpty() ? new One(copyOf(changed), true) : result;
    nodes.add(new Node(plain, made.arguments(), List.of(named), node.calls()));
    written.put(named.name(), changed);
    current.put(changed, named.name());
    Set<String> along = new LinkedHashSet<>(Set.of(changed));
    String inner = changed;
    while (views.containsKey(inner)) {
      View view = views.get(inner);
      String base = original(view.base());
      current.put(base, writtenBack(view, base, current.get(inner)));
      along.add(base);
      inner = base;
    }
    for (String view : views.keySet()) {
      if (!along.contains(view) && root(view).equals(inner)) {
        stale.add(view);
      }
    }
    stale.removeAll(along);
  }

  /** Of what a write returned, what it wrote into. */
  private String original(String name) {
    String original = name;
    while (written.containsKey(original)) {
      original = written.get(original);
    }
    return original;
  }

  private String root(String name) {
    String root = original(name);
    while (views.containsKey(root)) {
      root = original(views.get(root).base());
    }
    return root;
  }

  /** Notes which values lie in the memory of another. */
  private void note(Node node) {
    String operator = Operators.plain(node.target()).orElse("");
    boolean view =
        RESHAPED.contains(operator)
            || SAME.contains(operator)
            || SWAPPED.contains(operator)
            || PIECES.contains(operator)
            || PARTS.contains(operator);
    if (view
        && node.arguments().get(0).value() instanceof Value base
        && !(COPYING.contains(operator) && isScattered(base.name()))) {
      List<String> names = names(node.results().get(0));
      for (int i = 0; i < names.size(); i++) {
        views.put(names.get(i), new View(base.name(), node, i));
      }
    }
  }

  /** Whether a value lies in memory otherwise than its own order. */
  private boolean isScattered(String name) {
    String inner = original(name);
    while (views.containsKey(inner)) {
      String operator = views.get(inner).operator();
      if (!RESHAPED.contains(operator) && !SAME.contains(operator)) {
        return true;
      }
      inner = original(views.get(inner).base());
    }
    return false;
  }

  private static List<String> names(Result result) {
    return result instanceof Parts parts ? parts.names() : List.of(((One) result).name());
  }

  // What stands for a value now

  private Node now(Node node) {
    List<Named> arguments =
        node.arguments().stream()
            .map(each -> new Named(each.name(), now(each.value()), each.positional()))
            .toList();
    return new Node(node.target(), arguments, node.results(), node.calls());
  }

  private Argument now(Argument argument) {
    if (argument instanceof Several several) {
      return new Several(several.elements().stream().map(this::now).toList(), several.type());
    }
    return argument instanceof Value value ? new Value(now(value.name())) : argument;
  }

  private String now(String name) {
    String original = original(name);
    if (stale.remove(original)) {
      seenAnew(views.get(original).node());
    }
    return current.getOrDefault(original, original);
  }

  /** The views that a call makes, of what it is of now. */
  private void seenAnew(Node node) {
    Result result = node.results().get(0);
    List<String> names = new ArrayList<>();
    for (String name : names(result)) {
      String copy = copyOf(name);
      names.add(copy);
      current.put(name, copy);
      stale.remove(name);
    }
    Result copied = result instanceof Parts ? new Parts(names) : new One(names.get(0), true);
    Node again = now(node);
    nodes.add(new Node(again.target(), again.arguments(), List.of(copied), node.calls()));
  }

  /** A name for what comes in the place of a value. */
  private String copyOf(String name) {
    String copy = String.format(Locale.ROOT, "%s.written_%d", name, fresh++);
    Optional.ofNullable(sizes.get(name)).ifPresent(lengths -> sizes.put(copy, lengths));
    Optional.ofNullable(types.get(name)).ifPresent(type -> types.put(copy, type));
    return copy;
  }

  // Writing through views

  /** What a value is with other values in the place of a view of it; the name of the result. */
  private String writtenBack(View view, String base, String values) {
    Node node = view.node();
    String before = now(base);
    Named of = Named.placed("self", new Value(before));
    Named from = Named.placed("src", new Value(values));
    String operator = view.operator();
    String after = copyOf(base);
    if (RESHAPED.contains(operator)) {
      step(
          "view_as",
          after,
          Named.placed("self", new Value(values)),
          Named.placed("other", new Value(before)));
    } else if (SAME.contains(operator)) {
      step("alias", after, Named.placed("self", new Value(values)));
    } else if (SWAPPED.contains(operator)) {
      List<Named> arguments = new ArrayList<>(now(node).arguments());
      arguments.set(0, Named.placed("self", new Value(values)));
      nodes.add(new Node(node.target(), arguments, List.of(new One(after, true)), List.of()));
    } else if (operator.equals("permute")) {
      step(
          "permute",
          after,
          Named.placed("self", new Value(values)),
          Named.placed("dims", turnedBack(node)));
    } else if (Set.of("slice", "select", "diagonal").contains(operator)) {
      List<Named> arguments = new ArrayList<>(now(node).arguments());
      arguments.set(0, of);
      arguments.add(1, from);
      String scatter = "torch.ops.aten.%s_scatter.default".formatted(operator);
      nodes.add(new Node(scatter, arguments, List.of(new One(after, true)), List.of()));
    } else if (operator.equals("narrow")) {
      long start = whole(node, "start");
      Named dimension = number(whole(node, "dim"));
      Named last = number(start + whole(node, "length"));
      step("slice_scatter", after, of, from, dimension, number(start), last);
    } else {
      throw unknown(node);
    }
    return after;
  }

  private void step(String operator, String result, Named... arguments) {
    nodes.add(
        new Node(
            OPERATOR.formatted(operator),
            List.of(arguments),
            List.of(new One(result, true)),
            List.of()));
  }

  private static Named number(long number) {
    return Named.placed("", new Literal(String.valueOf(number)));
  }

  private long whole(Node node, String name) {
    return node.literal(name)
        .filter(text -> text.matches("-?\\d+"))
        .map(Long::parseLong)
        .orElseThrow(() -> unknown(node));
  }

  /** The permutation that takes one back. */
  private Argument turnedBack(Node node) {
    List<Argument> axes =
        node.argument("dims")
            .filter(Several.class::isInstance)
            .map(several -> ((Several) several).elements())
            .orElseThrow(() -> unknown(node));
    Argument[] back = new Argument[axes.size()];
    for (int i = 0; i < back.length; i++) {
      long axis = Long.parseLong(((Literal) axes.get(i)).text());
      back[Math.floorMod(axis, back.length)] = new Literal(String.valueOf(i));
    }
    return new Several(List.of(back), "int");
  }

  private NotApplicableException unknown(Node node) {
    return new NotApplicableException(
        "%s writes into what a call of '%s' returns, or by one, and it is not known where that lies in what it is of. Export it after run_decompositions(), or take integrated gradients, which ask for the program as a whole."
            .formatted(what, Operators.plain(node.target()).orElse(node.target())));
  }
}
