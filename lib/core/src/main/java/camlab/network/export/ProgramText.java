package camlab.network.export;

import camlab.network.Layout;
import camlab.network.export.ProgramBiases.Bias;
import camlab.network.export.ProgramBiases.Norm;
import camlab.network.program.Axes;
import camlab.network.program.Graph;
import camlab.network.program.Graph.Argument;
import camlab.network.program.Graph.Inner;
import camlab.network.program.Graph.Input;
import camlab.network.program.Graph.Literal;
import camlab.network.program.Graph.ModuleCall;
import camlab.network.program.Graph.Named;
import camlab.network.program.Graph.Node;
import camlab.network.program.Graph.One;
import camlab.network.program.Graph.Origin;
import camlab.network.program.Graph.Parts;
import camlab.network.program.Graph.Result;
import camlab.network.program.Graph.Several;
import camlab.network.program.Graph.Unknown;
import camlab.network.program.Graph.Value;
import camlab.network.program.Operators;
import camlab.network.program.ShownLayouts;
import camlab.network.torchscript.Exported;
import camlab.weights.RawTensors.Raw;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes an exported graph as the TorchScript program that it is: each call of an operator a line,
 * each tensor an attribute of the module it belongs to.
 *
 * <p>The graph is flat: its modules were followed when it was exported, and each of its calls says
 * in which it was made. Where the calls of a module end, the program hands the value that leaves
 * the module through a module of that name and type, which returns it as it is. So the layers are
 * where TorchScript has them, and get hooks as those do. A ReLU is a module with the ReLU inside.
 */
final class ProgramText {

  private static final String RELU = "torch.nn.modules.activation.ReLU";
  private static final String RELU6 = "torch.nn.modules.activation.ReLU6";

  /** Modules in modules; a file that goes deeper was made to exhaust its reader. */
  private static final int DEEPEST = 100;

  private static final String SOFTMAX = "torch.nn.modules.activation.Softmax";

  private static final String CHOICE = "torch.ops.higher_order.cond";

  /** What decides, the two graphs, and what they are given. */
  private static final int CHOICE_ARGUMENTS = 4;

  private static final String UNKNOWN_TYPE = "torch.nn.modules.module.Module";

  /** The arguments of a batch norm of 2.5, up to the ones that both forms have. */
  private static final List<String> NORM =
      List.of("input", "weight", "bias", "running_mean", "running_var");

  private static final Set<String> VIEWS =
      Set.of("torch.ops.aten.view.default", "torch.ops.aten._unsafe_view.default");

  /** Whose arguments stand in their order, so that their mode is found by its place. */
  private static final Set<String> IN_ORDER =
      Set.of(
          "dropout",
          "dropout_",
          "feature_dropout",
          "alpha_dropout",
          "feature_alpha_dropout",
          "native_dropout",
          "batch_norm",
          "instance_norm",
          "rrelu",
          "lstm",
          "gru");

  private final String what;
  private final Graph graph;
  private final Map<String, Raw> weights;
  private final Map<String, Raw> constants;
  private final ReturnType returned;
  private final boolean attention;

  private final ProgramModule root;

  /** The variable that stands for a value now. */
  private final Map<String, String> variables = new HashMap<>();

  private final StringBuilder body = new StringBuilder();
  private final Map<String, String> moduleVariables = new LinkedHashMap<>();
  private final StringBuilder bindings = new StringBuilder();
  private final List<String> parameters = new ArrayList<>();
  private final List<Exported.Input> inputs = new ArrayList<>();
  private final Set<String> changedBuffers = new TreeSet<>();
  private final Set<Remark> remarks = EnumSet.noneOf(Remark.class);
  private final Map<String, List<Long>> sizes = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private final Graph flat;
  private final Axes axes;

  /** How many calls of each module were written. */
  private final Map<String, Integer> written = new HashMap<>();

  /** How many values the first call of each module hands on. */
  private final Map<String, Integer> handed = new HashMap<>();

  private final Map<String, Layout> layouts = new LinkedHashMap<>();
  private final Set<String> without = new HashSet<>();

  /** The innermost layer that puts out a value. */
  private final Map<String, String> layers = new HashMap<>();

  /** The values that are tensors of the file. */
  private final Map<String, Input> files = new HashMap<>();

  private final List<Bias> biases = new ArrayList<>();
  private int variable;
  private int classes;
  private int scopes;

  /** What is to be said of the program that was written. */
  enum Remark {
    /** Parts of it ran without gradients; none comes through them. */
    NO_GRADIENT,
    /** Parts of it ran in a smaller type of numbers; here they do not. */
    AUTOCAST
  }

  /** A call of a module: its nodes, from the first to the last. */
  private static final class Call {
    final ModuleCall module;
    final int depth;
    int last;
    int first;

    Call(ModuleCall module, int depth, int first) {
      this.module = module;
      this.depth = depth;
      this.first = first;
      this.last = first;
    }
  }

  /**
   * Translates a graph.
   *
   * @param what the file, for messages
   * @param graph the graph
   * @param weights the tensors of the state dictionary
   * @param constants other tensors
   * @param returned in which tuples, lists and dictionaries its outputs lie
   * @param attention whether the shares of attention are layers, too
   */
  ProgramText(
      String what,
      Graph graph,
      Map<String, Raw> weights,
      Map<String, Raw> constants,
      ReturnType returned,
      boolean attention) {
    this.attention = attention;
    this.what = what;
    this.graph = graph;
    this.weights = weights;
    this.constants = constants;
    this.returned = returned;
    sizes.putAll(graph.sizes());
    types.putAll(graph.types());
    List<Node> nodes = flat(graph);
    flat = new Graph(graph.inputs(), nodes, graph.outputs(), sizes, types);
    axes = new Axes(graph.inputs(), sizes);
    List<Node> all = all(nodes);
    requireKnown(all);
    requireOnce(all);
    Map<String, String> modules = types(nodes);
    root = new ProgramModule(modules.getOrDefault("", UNKNOWN_TYPE), "");
    modules.forEach((path, type) -> module(path, modules));
    Set<String> changed = changedInPlace(all);
    for (Input input : graph.inputs()) {
      bind(input, modules, changed);
    }
    write(nodes);
    finish();
    findBiases(nodes);
  }

  private ExportedProgramException problem(String problem) {
    return new ExportedProgramException("%s cannot be used: %s.".formatted(what, problem));
  }

  /** The graph, with what graphs in it just run in their place. */
  Graph flat() {
    return flat;
  }

  /** The module that is the program. */
  ProgramModule root() {
    return root;
  }

  /** The tensors that whoever runs the program gives. */
  List<Exported.Input> inputs() {
    return List.copyOf(inputs);
  }

  /** The names of buffers that the program changes; here each run starts from what was saved. */
  Set<String> changedBuffers() {
    return changedBuffers;
  }

  /** Where the positions are in what the layers put out, as far as the graph shows it. */
  ShownLayouts shown() {
    return new ShownLayouts(layouts, without);
  }

  /** What is to be said of it. */
  Set<Remark> remarks() {
    return remarks;
  }

  // Graphs in the graph

  /** The nodes, with those of graphs that just run in their place. */
  private List<Node> flat(Graph whole) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : whole.nodes()) {
      Optional<Graph> inner =
          node.arguments().stream()
              .map(Named::value)
              .filter(Inner.class::isInstance)
              .map(argument -> ((Inner) argument).graph())
              .findFirst();
      if (inner.isEmpty()) {
        nodes.add(node);
      } else if (isChoice(node)) {
        nodes.add(choice(node));
      } else {
        nodes.addAll(inlined(node, inner.get()));
      }
    }
    return nodes;
  }

  /** Whether a call runs the one or the other of two graphs. */
  private static boolean isChoice(Node node) {
    return node.target().equals(CHOICE);
  }

  /** The call with what each of its graphs runs, where the values it is given have their names. */
  private Node choice(Node node) {
    List<Argument> arguments = node.arguments().stream().map(Named::value).toList();
    if (arguments.size() != CHOICE_ARGUMENTS
        || !(arguments.get(1) instanceof Inner)
        || !(arguments.get(2) instanceof Inner)
        || !(arguments.get(3) instanceof Several)) {
      throw problem("it is damaged: a choice between two graphs lacks one");
    }
    List<Named> made = new ArrayList<>(node.arguments());
    for (int branch = 1; branch <= 2; branch++) {
      Graph scoped = ((Inner) arguments.get(branch)).graph();
      Graph inner = entered(node, scoped, ((Several) arguments.get(3)).elements());
      List<Node> nodes =
          inner.nodes().stream()
              .map(each -> new Node(each.target(), each.arguments(), each.results(), node.calls()))
              .toList();
      Graph whole = new Graph(List.of(), nodes, inner.outputs(), Map.of(), Map.of());
      made.set(branch, new Named("", new Inner(whole), Optional.of(true)));
    }
    return new Node(node.target(), made, node.results(), node.calls());
  }

  /** A graph with names of its own, whose first nodes hand it what it is given. */
  private Graph entered(Node node, Graph scoped, List<Argument> given) {
    Graph inner = renamed(scoped, String.format(Locale.ROOT, "inner %d ", scopes++));
    sizes.putAll(inner.sizes());
    types.putAll(inner.types());
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < inner.inputs().size() && i < given.size(); i++) {
      nodes.add(handedOn(given.get(i), inner.inputs().get(i).name(), node, "alias"));
    }
    nodes.addAll(flat(inner));
    return new Graph(List.of(), nodes, inner.outputs(), Map.of(), Map.of());
  }

  /** The two graphs of a choice. */
  private static List<Graph> branches(Node choice) {
    return choice.arguments().stream()
        .map(Named::value)
        .filter(Inner.class::isInstance)
        .map(inner -> ((Inner) inner).graph())
        .toList();
  }

  /** All nodes, with those of both graphs of a choice behind it. */
  private static List<Node> all(List<Node> nodes) {
    List<Node> all = new ArrayList<>();
    for (Node node : nodes) {
      all.add(node);
      if (isChoice(node)) {
        branches(node).forEach(branch -> all.addAll(all(branch.nodes())));
      }
    }
    return all;
  }

  private List<Node> inlined(Node node, Graph scoped) {
    String name = node.target().replaceFirst("^torch\\.ops\\.", "");
    boolean gradients = name.equals("higher_order.wrap_with_set_grad_enabled");
    if (!gradients && !name.equals("higher_order.wrap_with_autocast")) {
      throw problem(
          "it calls %s, which runs one of several programs, or one several times. Export the network without control flow that depends on the picture"
              .formatted(name));
    }
    if (!gradients) {
      remarks.add(Remark.AUTOCAST);
    }
    boolean off =
        gradients
            && node.arguments().get(0).value() instanceof Literal literal
            && literal.text().equals("False");
    if (off) {
      remarks.add(Remark.NO_GRADIENT);
    }
    List<Argument> given = new ArrayList<>();
    boolean behind = false;
    for (Named argument : node.arguments()) {
      if (behind) {
        given.add(argument.value());
      }
      behind |= argument.value() instanceof Inner;
    }
    Graph inner = entered(node, scoped, given);
    List<Node> nodes = new ArrayList<>(inner.nodes());
    List<String> results = names(node);
    for (int i = 0; i < results.size() && i < inner.outputs().size(); i++) {
      if (!results.get(i).isEmpty()) {
        // Where gradients were off, none comes back.
        nodes.add(handedOn(inner.outputs().get(i), results.get(i), node, off ? "detach" : "alias"));
      }
    }
    return nodes;
  }

  private static List<String> names(Node node) {
    return node.results().stream().flatMap(each -> names(each).stream()).toList();
  }

  /** The names of what comes out; empty for what nobody asks for. */
  private static List<String> names(Result result) {
    return result instanceof Parts parts ? parts.names() : List.of(((One) result).name());
  }

  private static Graph renamed(Graph graph, String scope) {
    return new Graph(
        graph.inputs().stream()
            .map(
                input ->
                    new Input(scope + input.name(), input.origin(), input.source(), input.type()))
            .toList(),
        graph.nodes().stream().map(node -> renamed(node, scope)).toList(),
        graph.outputs().stream().map(output -> renamed(output, scope)).toList(),
        renamed(graph.sizes(), scope),
        renamed(graph.types(), scope));
  }

  private static <T> Map<String, T> renamed(Map<String, T> byName, String scope) {
    return byName.entrySet().stream()
        .collect(Collectors.toMap(entry -> scope + entry.getKey(), Map.Entry::getValue));
  }

  private static Node renamed(Node node, String scope) {
    return new Node(
        node.target(),
        node.arguments().stream()
            .map(
                named -> new Named(named.name(), renamed(named.value(), scope), named.positional()))
            .toList(),
        node.results().stream().map(result -> renamed(result, scope)).toList(),
        node.calls());
  }

  private static Argument renamed(Argument argument, String scope) {
    if (argument instanceof Value value) {
      return new Value(scope + value.name());
    }
    if (argument instanceof Several several) {
      return new Several(
          several.elements().stream().map(each -> renamed(each, scope)).toList(), several.type());
    }
    return argument;
  }

  private static Result renamed(Result result, String scope) {
    if (result instanceof Parts parts) {
      return new Parts(parts.names().stream().map(name -> scope + name).toList());
    }
    One one = (One) result;
    return one.name().isEmpty() ? one : new One(scope + one.name(), one.tensor());
  }

  private static Node handedOn(Argument from, String to, Node node, String operator) {
    return new Node(
        "torch.ops.aten." + operator + ".default",
        List.of(new Named("self", from, Optional.of(true))),
        List.of(new One(to, true)),
        node.calls());
  }

  // What may be called

  private void requireKnown(List<Node> nodes) {
    Set<String> unknown = new TreeSet<>();
    for (Node node : nodes) {
      if (!isChoice(node) && Operators.function(node.target()).isEmpty()) {
        unknown.add(node.target().replaceFirst("^torch\\.ops\\.", ""));
      }
    }
    if (!unknown.isEmpty()) {
      throw problem(
          "it calls %s; only operators of PyTorch itself (aten) are run, and none that opens files. Write the network without, or export it after run_decompositions()"
              .formatted(unknown.stream().limit(5).collect(Collectors.joining(", "))));
    }
    for (Node node : nodes) {
      node.arguments().forEach(argument -> requireReadable(node, argument.value()));
    }
  }

  /** Each value is made once; who asks for one that is made later is refused when it is written. */
  private void requireOnce(List<Node> nodes) {
    Set<String> made = new HashSet<>();
    graph.inputs().stream().map(Input::name).filter(name -> !name.isEmpty()).forEach(made::add);
    for (Node node : nodes) {
      for (Result result : node.results()) {
        for (String name : names(result)) {
          if (!name.isEmpty() && !made.add(name)) {
            throw problem("it is damaged: two calls make the value '%s'".formatted(name));
          }
        }
      }
    }
  }

  private void requireReadable(Node node, Argument argument) {
    if (argument instanceof Unknown unknown) {
      throw problem(
          "it calls %s with something that cannot be written here (%s)"
              .formatted(node.target(), unknown.kind()));
    }
    if (argument instanceof Several several) {
      several.elements().forEach(element -> requireReadable(node, element));
    }
  }

  // Modules and tensors

  /** The types of all modules in which something is called, by their names. */
  private static Map<String, String> types(List<Node> nodes) {
    Map<String, String> types = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (ModuleCall call : node.calls()) {
        types.putIfAbsent(call.path(), call.type());
      }
    }
    return types;
  }

  private ProgramModule module(String path, Map<String, String> types) {
    ProgramModule module = root;
    if (path.isEmpty()) {
      return module;
    }
    StringBuilder name = new StringBuilder();
    String[] parts = path.split("\\.", -1);
    if (parts.length > DEEPEST) {
      throw problem(String.format(Locale.ROOT, "modules in modules go deeper than %d", DEEPEST));
    }
    for (String part : parts) {
      requireSpeakable(part);
      name.append(name.isEmpty() ? "" : ".").append(part);
      String type = types.getOrDefault(name.toString(), UNKNOWN_TYPE);
      module = module.children().computeIfAbsent(part, key -> new ProgramModule(type, mangle()));
    }
    return module;
  }

  private void requireSpeakable(String name) {
    if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
      throw problem("a name in it is none: '%s'".formatted(name));
    }
  }

  private static Set<String> changedInPlace(List<Node> nodes) {
    Set<String> changed = new HashSet<>();
    Map<String, String> outside = outside(nodes);
    for (Node node : nodes) {
      if (Operators.isInPlace(node.target())
          && !node.arguments().isEmpty()
          && node.arguments().get(0).value() instanceof Value value) {
        String name = value.name();
        while (name != null && changed.add(name)) {
          name = outside.get(name);
        }
      }
    }
    return changed;
  }

  /** Of names that a value was handed on by, and of views of it, the one it has outside. */
  private static Map<String, String> outside(List<Node> nodes) {
    Map<String, String> outside = new HashMap<>();
    for (Node node : nodes) {
      if (Operators.plain(node.target()).filter(Operators::sharesMemory).isPresent()
          && !node.arguments().isEmpty()
          && node.arguments().get(0).value() instanceof Value value) {
        names(node).forEach(name -> outside.put(name, value.name()));
      }
    }
    return outside;
  }

  private void bind(Input input, Map<String, String> types, Set<String> changed) {
    if (input.name().isEmpty()) {
      return;
    }
    if (input.origin() == Origin.USER) {
      String parameter = word(input.source(), parameters.size());
      parameters.add("%s: %s".formatted(parameter, input.type()));
      if (input.type().equals("Tensor")) {
        inputs.add(
            new Exported.Input(
                parameter,
                Optional.ofNullable(graph.types().get(input.name())),
                Optional.ofNullable(graph.sizes().get(input.name()))));
      }
      if (changed.contains(input.name())) {
        // The pictures belong to whoever gave them.
        String copy = next();
        body.append("    %s = torch.clone(%s)\n".formatted(copy, parameter));
        parameter = copy;
      }
      variables.put(input.name(), parameter);
      return;
    }
    files.put(input.name(), input);
    Raw raw = ExportedArchive.tensor(input, weights, constants);
    if (raw == null) {
      throw problem(
          "it is damaged or incomplete: it lacks the numbers of '%s'".formatted(input.source()));
    }
    List<Long> said = graph.sizes().getOrDefault(input.name(), raw.shape());
    if (!said.equals(raw.shape()) && !said.contains(-1L)) {
      throw problem(
          "it is damaged: '%s' has the shape %s, and the program says %s"
              .formatted(input.source(), raw.shape(), said));
    }
    int dot = input.source().lastIndexOf('.');
    String path = dot < 0 ? "" : input.source().substring(0, dot);
    String name = input.source().substring(dot + 1);
    requireSpeakable(name);
    ProgramModule owner = module(path, types);
    while (owner.children().containsKey(name) || owner.tensors().containsKey(name)) {
      name = name + "_";
    }
    owner.tensors().put(name, new ProgramModule.Held(raw, input.origin() == Origin.PARAMETER));
    String from = ProgramModule.attribute(moduleVariable(path), name);
    if (changed.contains(input.name())) {
      changedBuffers.add(input.source());
      from = "torch.clone(%s)".formatted(from);
    }
    String bound = next();
    bindings.append("    %s = %s\n".formatted(bound, from));
    variables.put(input.name(), bound);
  }

  /** A name of a parameter as the language takes it. */
  private static String word(String name, int place) {
    return name.matches("[A-Za-z_]\\w*") && !name.matches("self|[vm]\\d+|camlab\\w*")
        ? name
        : String.format(Locale.ROOT, "input_%d", place);
  }

  /** What tells a class from others of its name, in the form PyTorch has for that. */
  private String mangle() {
    return String.format(Locale.ROOT, "___torch_mangle_%d.", classes++);
  }

  private String next() {
    return String.format(Locale.ROOT, "v%d", variable++);
  }

  /** The variable of a module. */
  private String moduleVariable(String path) {
    if (path.isEmpty()) {
      return "self";
    }
    String known = moduleVariables.get(path);
    if (known != null) {
      return known;
    }
    int dot = path.lastIndexOf('.');
    String outer = moduleVariable(dot < 0 ? "" : path.substring(0, dot));
    String name = String.format(Locale.ROOT, "m%d", moduleVariables.size());
    moduleVariables.put(path, name);
    bindings.append(
        "    %s = %s\n".formatted(name, ProgramModule.attribute(outer, path.substring(dot + 1))));
    return name;
  }

  // Calls

  /** The calls of modules, each with the nodes in it. */
  private static List<Call> calls(List<Node> nodes) {
    List<Call> all = new ArrayList<>();
    List<Call> open = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      List<ModuleCall> now = nodes.get(i).calls();
      if (now.isEmpty() || Operators.isCheck(nodes.get(i).target())) {
        continue;
      }
      int same = 0;
      while (same < open.size()
          && same < now.size()
          && open.get(same).module.equals(now.get(same))) {
        open.get(same).last = i;
        same++;
      }
      open.subList(same, open.size()).clear();
      for (int depth = same; depth < now.size(); depth++) {
        Call call = new Call(now.get(depth), depth, i);
        open.add(call);
        all.add(call);
      }
    }
    return all;
  }

  /** For each value the last node that asks for it; beyond all nodes if it comes out. */
  private Map<String, Integer> lastUses(List<Node> nodes) {
    Map<String, Integer> uses = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (Named argument : nodes.get(i).arguments()) {
        for (String name : values(argument.value())) {
          uses.put(name, i);
        }
      }
    }
    for (Argument output : graph.outputs()) {
      for (String name : values(output)) {
        uses.put(name, nodes.size());
      }
    }
    return uses;
  }

  private static List<String> values(Argument argument) {
    if (argument instanceof Value value) {
      return List.of(value.name());
    }
    if (argument instanceof Several several) {
      return several.elements().stream().flatMap(each -> values(each).stream()).toList();
    }
    return List.of();
  }

  private static List<String> tensors(Node node) {
    List<String> tensors = new ArrayList<>();
    for (Result result : node.results()) {
      if (result instanceof Parts parts) {
        tensors.addAll(parts.names());
      } else if (result instanceof One one && one.tensor() && !one.name().isEmpty()) {
        tensors.add(one.name());
      }
    }
    return tensors;
  }

  private void write(List<Node> nodes) {
    List<Call> calls = calls(nodes);
    Map<String, Integer> uses = lastUses(nodes);
    Map<Integer, List<Call>> ending = new HashMap<>();
    for (Call call : calls) {
      if (!call.module.path().isEmpty()) {
        ending.computeIfAbsent(call.last, key -> new ArrayList<>()).add(0, call);
      }
    }
    Map<String, Integer> rectifiers = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      List<Call> ends = ending.getOrDefault(i, List.of());
      if (Operators.isCheck(node.target())) {
        continue;
      }
      axes.follow(node);
      boolean alone =
          !ends.isEmpty()
              && ends.get(0).first == i
              && ends.get(0).depth == node.calls().size() - 1
              && rectifier(node).filter(ends.get(0).module.type()::equals).isPresent();
      write(node, alone ? ends.get(0) : null, rectifiers);
      ends = alone ? ends.subList(1, ends.size()) : ends;
      for (Call call : ends) {
        end(call, nodes, uses);
      }
    }
  }

  /**
   * Writes one call.
   *
   * @param own the call of a module that is nothing but this ReLU, if it is one; null otherwise
   * @param rectifiers how many ReLUs there are so far, by where they are
   */
  private void write(Node node, Call own, Map<String, Integer> rectifiers) {
    Optional<String> rectifier = rectifier(node);
    if (isChoice(node)) {
      choose(node, rectifiers);
    } else if (rectifier.isPresent()) {
      rectify(node, rectifier.get(), own, rectifiers);
    } else if (attention && isPlainAttention(node)) {
      attend(node, rectifiers);
    } else if (attention && isShares(node)) {
      line(node);
      String name = ((One) node.results().get(0)).name();
      variables.put(name, shown(node, variables.get(name), rectifiers));
    } else if (!Operators.isCheck(node.target())) {
      line(node);
    }
  }

  /** Runs the one graph or the other; what is called in them is no end of a module. */
  private void choose(Node node, Map<String, Integer> rectifiers) {
    List<String> results = names(node);
    List<String> made = results.stream().map(result -> next()).toList();
    String condition = "if bool(%s)".formatted(text(node.arguments().get(0).value()));
    for (Graph branch : branches(node)) {
      if (branch.outputs().size() != results.size() || results.isEmpty()) {
        throw problem("it is damaged: a graph of a choice does not give what the choice does");
      }
      int start = body.length();
      branch.nodes().forEach(each -> write(each, null, rectifiers));
      for (int i = 0; i < made.size(); i++) {
        body.append("    %s = %s\n".formatted(made.get(i), text(branch.outputs().get(i))));
      }
      String inside = body.substring(start).indent(2);
      body.setLength(start);
      body.append("    ").append(condition).append(":\n").append(inside);
      condition = "else";
    }
    for (int i = 0; i < made.size(); i++) {
      variables.put(results.get(i), made.get(i));
    }
  }

  /** Hands what leaves a module through the module of its name. */
  private void end(Call call, List<Node> nodes, Map<String, Integer> uses) {
    Set<String> leaving = new LinkedHashSet<>();
    for (int i = call.first; i <= call.last; i++) {
      for (String name : tensors(nodes.get(i))) {
        if (uses.getOrDefault(name, -1) > call.last && variables.containsKey(name)) {
          leaving.add(name);
        }
      }
    }
    if (leaving.isEmpty()) {
      List<String> last = tensors(nodes.get(call.last));
      if (last.size() != 1 || !variables.containsKey(last.get(0))) {
        return;
      }
      leaving.addAll(last);
    }
    List<String> names = List.copyOf(leaving);
    Integer first = handed.putIfAbsent(call.module.path(), names.size());
    if (first != null && first != names.size()) {
      return; // a class has one forward, and this call would need another
    }
    ProgramModule module = module(call.module.path(), Map.of());
    if (names.size() > 1) {
      written.merge(call.module.path(), 1, Integer::sum);
      several(module, call.module.path(), names);
      return;
    }
    layer(call.module.path(), names.get(0));
    module.forward(
        "  def forward(self: %s,\n    x: Tensor) -> Tensor:\n    return x\n"
            .formatted(module.className()));
    String from = variables.get(names.get(0));
    String to = next();
    body.append(
        "    %s = (%s).forward(%s, )\n".formatted(to, moduleVariable(call.module.path()), from));
    variables.put(names.get(0), to);
  }

  /** A module that puts out several tensors is no layer, and its call says so. */
  private void several(ProgramModule module, String path, List<String> names) {
    String tensors = names.stream().map(name -> "Tensor").collect(Collectors.joining(", "));
    StringBuilder arguments = new StringBuilder();
    StringBuilder values = new StringBuilder();
    StringBuilder given = new StringBuilder();
    StringBuilder results = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      arguments.append(String.format(Locale.ROOT, ",%n    x%d: Tensor", i).replace("\r", ""));
      values.append(i == 0 ? "" : ", ").append('x').append(i);
      given.append(variables.get(names.get(i))).append(", ");
      String to = next();
      results.append(to).append(", ");
      variables.put(names.get(i), to);
    }
    module.forward(
        "  def forward(self: %s%s) -> Tuple[%s]:\n    return (%s)\n"
            .formatted(module.className(), arguments, tensors, values));
    body.append("    %s = (%s).forward(%s)\n".formatted(results, moduleVariable(path), given));
  }

  /** The type of the ReLU that a call is; empty if it is none. */
  private static Optional<String> rectifier(Node node) {
    String name = Operators.aten(node.target()).orElse("");
    return switch (name) {
      case "relu", "relu_" -> Optional.of(RELU);
      case "relu6", "relu6_" -> Optional.of(RELU6);
      case "hardtanh", "hardtanh_" ->
          isNumber(node, "min_val", 0) && isNumber(node, "max_val", 6)
              ? Optional.of(RELU6)
              : Optional.empty();
      case "clamp", "clamp_" ->
          isNumber(node, "min", 0) && isNone(node, "max")
              ? Optional.of(RELU)
              : isNumber(node, "min", 0) && isNumber(node, "max", 6)
                  ? Optional.of(RELU6)
                  : Optional.empty();
      case "clamp_min", "clamp_min_" ->
          isNumber(node, "min", 0) ? Optional.of(RELU) : Optional.empty();
      case "threshold", "threshold_" ->
          isNumber(node, "threshold", 0) && isNumber(node, "value", 0)
              ? Optional.of(RELU)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static boolean isNumber(Node node, String argument, double number) {
    return node.literal(argument).filter(text -> isNumber(text, number)).isPresent();
  }

  private static boolean isNumber(String text, double number) {
    return text.matches("-?[\\d.]+") && Double.parseDouble(text) == number;
  }

  private static boolean isNone(Node node, String argument) {
    return node.argument(argument).isEmpty()
        || node.literal(argument).filter("None"::equals).isPresent();
  }

  // Attention

  /**
   * Whether a call is attention in one piece, without a mask or whatever else is not written here.
   */
  private boolean isPlainAttention(Node node) {
    return Operators.aten(node.target()).filter("scaled_dot_product_attention"::equals).isPresent()
        && node.arguments().size() >= 3
        && isNone(node, "attn_mask")
        && node.argument("dropout_p").isEmpty()
        && node.argument("is_causal").isEmpty()
        && node.argument("enable_gqa").isEmpty()
        && attentionScale(node).isPresent();
  }

  /** The stated factor, or 1 / √d, of questions of shape (N, heads, T, d); empty for others. */
  private Optional<String> attentionScale(Node node) {
    List<Long> lengths = lengths(node.arguments().get(0).value());
    List<Long> values = lengths(node.arguments().get(2).value());
    if (lengths.size() != 4
        || values.size() != 4
        || lengths.get(3) < 1
        || !lengths.get(3).equals(values.get(3))) {
      return Optional.empty();
    }
    return isNone(node, "scale")
        ? Optional.of(String.format(Locale.ROOT, "%.17f", 1 / Math.sqrt(lengths.get(3))))
        : node.argument("scale").map(this::text);
  }

  private List<Long> lengths(Argument argument) {
    return argument instanceof Value value
        ? sizes.getOrDefault(value.name(), List.of())
        : List.of();
  }

  /**
   * Whether a call makes shares out of a square of scores for each head, shape (N, heads, T, T).
   */
  private boolean isShares(Node node) {
    String name = Operators.aten(node.target()).orElse("");
    if (!Set.of("softmax", "_softmax", "_safe_softmax").contains(name)
        || !(node.results().get(0) instanceof One one)
        || node.calls().stream()
            .reduce((outer, inner) -> inner)
            .filter(ProgramText::isSoftmax)
            .isPresent()) {
      return false;
    }
    List<Long> lengths = sizes.getOrDefault(one.name(), List.of());
    return lengths.size() == 4
        && lengths.get(2).equals(lengths.get(3))
        && (isNumber(node, "dim", -1) || isNumber(node, "dim", 3));
  }

  /** Of such a module the shares are a layer already. */
  private static boolean isSoftmax(ModuleCall call) {
    return call.type().equals(SOFTMAX);
  }

  /** softmax(Q Kᵀ / √d) V in its steps, with the shares handed through a module. */
  private void attend(Node node, Map<String, Integer> counts) {
    String query = text(node.arguments().get(0).value());
    String key = text(node.arguments().get(1).value());
    String value = text(node.arguments().get(2).value());
    String shares = next();
    body.append(
        "    %s = torch.softmax(torch.mul(torch.matmul(%s, torch.transpose(%s, -2, -1)), %s), -1)\n"
            .formatted(shares, query, key, attentionScale(node).orElseThrow()));
    String handed = shown(node, shares, counts);
    String result = next();
    // What comes behind may view it without a copy: in memory the piece lies as its questions do.
    body.append(
        "    %s = torch.add(torch.zeros_like(%s), torch.matmul(%s, %s))\n"
            .formatted(result, query, handed, value));
    variables.put(((One) node.results().get(0)).name(), result);
  }

  /** Hands the shares of attention through a module that is called {@code attention}. */
  private String shown(Node node, String shares, Map<String, Integer> counts) {
    String path = inner(node, "attention", SOFTMAX, counts);
    ProgramModule module = module(path, Map.of());
    module.forward(
        "  def forward(self: %s,\n    x: Tensor) -> Tensor:\n    return x\n"
            .formatted(module.className()));
    String handed = next();
    body.append("    %s = (%s).forward(%s, )\n".formatted(handed, moduleVariable(path), shares));
    int count = written.merge(path, 1, Integer::sum);
    String layer = count == 1 ? path : String.format(Locale.ROOT, "%s_%d", path, count - 1);
    // Pairs of places are no places.
    layouts.put(layer, Layout.VECTOR);
    return handed;
  }

  /** The name of a module of ours in the module that makes a call. */
  private String inner(Node node, String word, String type, Map<String, Integer> counts) {
    int depth = node.calls().size() - 1;
    String outer = depth < 0 ? "" : node.calls().get(depth).path();
    String call = depth < 0 ? "" : node.calls().get(depth).key();
    String kind = call + " " + word;
    ProgramModule owner = module(outer, Map.of());
    String name;
    do {
      int count = counts.merge(kind, 1, Integer::sum);
      name = count == 1 ? word : String.format(Locale.ROOT, "%s_%d", word, count - 1);
    } while (isTaken(owner, name, type));
    owner.children().computeIfAbsent(name, key -> new ProgramModule(type, mangle()));
    return outer.isEmpty() ? name : outer + "." + name;
  }

  /** A ReLU inside a module: its own where it has one, else one that is called {@code relu}. */
  private void rectify(Node node, String type, Call own, Map<String, Integer> counts) {
    String path;
    if (own != null) {
      path = own.module.path();
    } else {
      path = inner(node, type.equals(RELU) ? "relu" : "relu6", type, counts);
    }
    ProgramModule module = module(path, Map.of());
    String operator = Operators.aten(node.target()).orElseThrow();
    String bounds =
        node.arguments().stream()
            .skip(1)
            .map(argument -> ", " + text(argument.value()))
            .collect(Collectors.joining());
    module.forward(
        "  def forward(self: %s,\n    x: Tensor) -> Tensor:\n    return torch.%s(x%s)\n"
            .formatted(module.className(), operator, bounds));
    String to = next();
    body.append(
        "    %s = (%s).forward(%s, )\n"
            .formatted(to, moduleVariable(path), text(node.arguments().get(0).value())));
    variables.put(((One) node.results().get(0)).name(), to);
    layer(path, ((One) node.results().get(0)).name());
  }

  /** Notes where the positions are in what a call of a module puts out: a layer of its own. */
  private void layer(String path, String value) {
    int count = written.merge(path, 1, Integer::sum);
    String name = count == 1 ? path : String.format(Locale.ROOT, "%s_%d", path, count - 1);
    layers.putIfAbsent(value, name);
    axes.layout(value).ifPresent(layout -> layouts.put(name, layout));
    if (axes.hasNoLayout(value)) {
      without.add(name);
    }
  }

  /** A name is free if nobody has it, or a ReLU of ours that another call of the module made. */
  private static boolean isTaken(ProgramModule owner, String name, String type) {
    ProgramModule child = owner.children().get(name);
    return owner.tensors().containsKey(name)
        || (child != null
            && !(child.type().equals(type)
                && child.tensors().isEmpty()
                && child.children().isEmpty()));
  }

  private void line(Node node) {
    if (Operators.isSame(node.target())) {
      variables.put(((One) node.results().get(0)).name(), text(node.arguments().get(0).value()));
      return;
    }
    boolean norm = isNorm(node);
    String call = norm ? norm(node) : call(node);
    // Of the averages that come out behind a norm's first output, nobody asks for any.
    List<Result> results = norm ? node.results().subList(0, 1) : node.results();
    if (results.isEmpty()) {
      body.append("    %s = %s\n".formatted(next(), call));
    } else if (results.size() == 1 && results.get(0) instanceof Parts parts) {
      String list = next();
      body.append("    %s = %s\n".formatted(list, call));
      for (int i = 0; i < parts.names().size(); i++) {
        String part = next();
        body.append(
            String.format(Locale.ROOT, "    %s = %s[%d]%n", part, list, i).replace("\r", ""));
        variables.put(parts.names().get(i), part);
      }
    } else {
      List<String> names = new ArrayList<>();
      for (Result result : results) {
        String name = next();
        names.add(name);
        if (result instanceof One one && !one.name().isEmpty()) {
          variables.put(one.name(), name);
        }
      }
      body.append("    %s = %s\n".formatted(String.join(", ", names), call));
    }
  }

  private String call(Node node) {
    return call(node, this::variable);
  }

  /**
   * A call as TorchScript writes it.
   *
   * @param named what stands for a value that was made before
   */
  static String call(Node node, Function<Value, String> named) {
    String operator = Operators.aten(node.target()).orElse("");
    if (operator.equals("copy")) {
      // Of which the engine has no derivative: the second, in the type and the shape of the first.
      String to = text(node.arguments().get(0).value(), named);
      return "torch.expand_as(torch.type_as(%s, %s), %s)"
          .formatted(text(node.arguments().get(1).value(), named), to, to);
    }
    if (VIEWS.contains(node.target())) {
      // How values lie in memory differs: attention's lie otherwise where its mask has a gradient.
      // Nothing is written into them, so a copy, where one is needed, is the same.
      return "torch.reshape(%s)"
          .formatted(
              node.arguments().stream()
                  .map(argument -> text(argument.value(), named))
                  .collect(Collectors.joining(", ")));
    }
    List<String> arguments = new ArrayList<>();
    boolean gap = false;
    for (int i = 0; i < node.arguments().size(); i++) {
      Named argument = node.arguments().get(i);
      boolean placed = IN_ORDER.contains(operator) || i == 0 || argument.positional().orElse(false);
      gap |= !placed;
      String value = text(argument.value(), named);
      arguments.add(placed && !gap ? value : argument.name() + "=" + value);
    }
    return "%s(%s)"
        .formatted(Operators.function(node.target()).orElseThrow(), String.join(", ", arguments));
  }

  private static boolean isNorm(Node node) {
    return Operators.aten(node.target())
        .filter(name -> name.startsWith("_native_batch_norm_legit"))
        .isPresent();
  }

  /** A batch norm of the kind that hands out its averages, as the kind that does not. */
  private String norm(Node node) {
    List<String> arguments = new ArrayList<>();
    for (String name : NORM) {
      arguments.add(node.argument(name).map(this::text).orElse("None"));
    }
    boolean kept = !arguments.get(NORM.size() - 1).equals("None");
    String training = node.argument("training").map(this::text).orElse(kept ? "False" : "True");
    return "torch.batch_norm(%s, %s, %s, %s, False)"
        .formatted(
            String.join(", ", arguments),
            training,
            node.argument("momentum").map(this::text).orElse("0.1"),
            node.argument("eps").map(this::text).orElse("1.0e-5"));
  }

  private String text(Argument argument) {
    return text(argument, this::variable);
  }

  /** The variable that stands for a value now. */
  private String variable(Value value) {
    String name = variables.get(value.name());
    if (name == null) {
      throw problem(
          "it is damaged: it asks for the value '%s' before any call makes it"
              .formatted(value.name()));
    }
    return name;
  }

  private static String text(Argument argument, Function<Value, String> named) {
    if (argument instanceof Literal literal) {
      return literal.text();
    }
    if (argument instanceof Value value) {
      return named.apply(value);
    }
    Several several = (Several) argument;
    String list =
        several.elements().stream()
            .map(element -> text(element, named))
            .collect(Collectors.joining(", ", "[", "]"));
    return several.elements().isEmpty() || several.type().startsWith("Optional")
        ? "annotate(List[%s], %s)".formatted(several.type(), list)
        : list;
  }

  /** A text as the language writes it. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> quoted.append("\\\\");
        case '"' -> quoted.append("\\\"");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  // The whole

  private void finish() {
    List<String> outputs = graph.outputs().stream().map(this::text).toList();
    StringBuilder head = new StringBuilder("  def forward(self: " + root.className());
    parameters.forEach(parameter -> head.append(",\n    ").append(parameter));
    head.append(") -> ").append(returned.type()).append(":\n");
    root.forward(
        head.toString() + bindings + body + "    return " + returned.value(outputs) + "\n");
  }

  /** Finds what each layer that is one linear operator adds. */
  private void findBiases(List<Node> nodes) {
    for (Node node : nodes) {
      tensors(node).stream()
          .limit(1)
          .map(layers::get)
          .filter(Objects::nonNull)
          .findFirst()
          .flatMap(layer -> bias(node, layer))
          .ifPresent(biases::add);
    }
  }

  /** What a linear operator adds to each channel; empty if it adds nothing, or is none. */
  private Optional<Bias> bias(Node node, String layer) {
    String operator = Operators.aten(node.target()).orElse("");
    int dimensions = sizes.getOrDefault(tensors(node).get(0), List.of()).size();
    if (isNorm(node) || operator.equals("batch_norm")) {
      return normOfNothing(node)
          .map(norm -> new Bias(layer, dimensions, 1, kept(node, "bias"), Optional.of(norm)));
    }
    boolean plain = node.argument("beta").isEmpty() && node.argument("alpha").isEmpty();
    boolean matrix = operator.equals("linear") || operator.equals("addmm");
    Optional<Input> offset =
        switch (operator) {
          case "conv1d",
              "conv2d",
              "conv3d",
              "convolution",
              "conv_transpose1d",
              "conv_transpose2d",
              "conv_transpose3d",
              "linear" ->
              kept(node, "bias");
          case "addmm" -> plain ? kept(node, "self") : Optional.empty();
          default -> Optional.empty();
        };
    // Channels lie along the last dimension behind a matrix, else along the second.
    return offset.map(
        each -> new Bias(layer, dimensions, matrix ? dimensions - 1 : 1, offset, Optional.empty()));
  }

  /**
   * A norm by averages of the file; empty for any other. One in training mode is run in evaluation
   * mode here.
   */
  private Optional<Norm> normOfNothing(Node node) {
    Optional<Input> mean = kept(node, "running_mean");
    Optional<Input> variance = kept(node, "running_var");
    boolean known =
        Stream.of("weight", "bias")
            .allMatch(
                name ->
                    kept(node, name).isPresent()
                        || !(node.argument(name).orElse(null) instanceof Value));
    if (mean.isEmpty() || variance.isEmpty() || !known) {
      return Optional.empty();
    }
    double epsilon = Double.parseDouble(node.literal("eps").orElse("1e-5"));
    return Optional.of(new Norm(kept(node, "weight"), mean.get(), variance.get(), epsilon));
  }

  /** An argument that is a tensor of the file. */
  private Optional<Input> kept(Node node, String argument) {
    return node.argument(argument)
        .filter(Value.class::isInstance)
        .map(value -> files.get(((Value) value).name()));
  }

  /** What the layers add to each channel that are nothing but one linear operator. */
  List<Bias> biases() {
    return List.copyOf(biases);
  }

  /** The text of all classes, by the names of their files. */
  Map<String, String> code() {
    Map<String, String> code = new LinkedHashMap<>();
    code(root, code);
    return code;
  }

  private static void code(ProgramModule module, Map<String, String> code) {
    module.children().values().forEach(child -> code(child, code));
    String name = module.className();
    String file = name.substring(0, name.lastIndexOf('.')).replace('.', '/') + ".py";
    code.merge(file, module.text(), String::concat);
  }
}
