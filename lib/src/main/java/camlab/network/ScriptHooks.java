package camlab.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A TorchScript program with a hook behind every layer.
 *
 * <p>A layer is a call of a submodule: following the calls from the network's {@code forward} gives
 * their names, their types and their order. To each class on the way a copy of its method is added
 * for each layer of that class, in which the calls go to the copies of the layers inside it, and
 * which hands its output to the hook. The copies carry one list through all calls: it starts with a
 * mask that says which layers are wanted, and the hook adds to it. The methods that were there stay
 * as they were.
 */
final class ScriptHooks {

  /** The method of the network that runs it with hooks. */
  static final String TRACE = "camlab_trace";

  private static final String HOOK_FILE = "/code/__torch__/camlab_hooks.py";

  /**
   * For a wanted layer the list gets its index, its output, and the zeros that are added to the
   * output; only numbers with a fraction can have a gradient.
   */
  private static final String HOOK =
      """
      def hook(camlab: List[Tensor],
          index: int,
          output: Tensor) -> Tensor:
        wanted = bool(torch.select(camlab[0], 0, index))
        if torch.__and__(wanted, torch.is_floating_point(output)):
          zero = torch.requires_grad_(torch.zeros_like(output), True)
          _0 = torch.append(camlab, torch.tensor(index))
          _1 = torch.append(camlab, output)
          _2 = torch.append(camlab, zero)
          hooked = torch.add(output, zero)
        else:
          hooked = output
        return hooked
      """;

  /** More calls than any network has; a file of shared classes can describe any number. */
  private static final int MOST_CALLS = 20_000;

  private static final int DEEPEST = 200;

  private final TorchScriptArchive archive;
  private final Map<String, ScriptClass> classes = new HashMap<>();
  private final Map<String, String> fileOfClass = new HashMap<>();

  /** The layers that can be hooked, in the order they end. */
  private final Map<String, Method> layers = new LinkedHashMap<>();

  /** Why a module or a call of it cannot be hooked, by its name. */
  private final Map<String, String> refused = new LinkedHashMap<>();

  /** All calls that were followed, each behind the calls inside it. */
  private final List<Method> called = new ArrayList<>();

  private final Method root;
  private int calls;

  /**
   * A method as it runs for one layer, or, where a layer's method calls another of its own, a part.
   */
  private static final class Method {
    final ScriptClass owner;
    final ScriptMethod method;
    final Map<ScriptMethod.Call, Method> inner = new LinkedHashMap<>();

    /** Its place among the layers; negative if it is none that can be hooked. */
    int layer = -1;

    /** What to call instead of the original; empty if nothing is to be hooked in it. */
    String copy = "";

    Method(ScriptClass owner, ScriptMethod method) {
      this.owner = owner;
      this.method = method;
    }

    boolean runs(ScriptClass otherOwner, ScriptMethod other) {
      return owner.name().equals(otherOwner.name()) && method.name().equals(other.name());
    }
  }

  /** The calls inside one layer that were seen so far: how many of each, and which. */
  private record Seen(Map<String, Integer> counts, Map<String, Method> methods) {
    Seen() {
      this(new HashMap<>(), new HashMap<>());
    }
  }

  /**
   * Follows the calls of a program.
   *
   * @throws TorchScriptException if the program is not of the expected form, or has no layer that
   *     can be hooked; the message says why
   */
  ScriptHooks(TorchScriptArchive archive) {
    this.archive = archive;
    archive
        .code()
        .forEach(
            (file, text) ->
                ScriptClass.read(archive.prefix(file), text)
                    .forEach(
                        (name, read) -> {
                          classes.put(name, read);
                          fileOfClass.put(name, file);
                        }));
    ScriptClass rootClass = classes.get(archive.root());
    if (rootClass == null) {
      throw problem("its code lacks the class %s".formatted(archive.root()));
    }
    ScriptMethod forward = rootClass.methods().get("forward");
    if (forward == null || !forward.takesOneTensor() || !forward.returns().equals("Tensor")) {
      throw problem(
          "a classifier takes one tensor and returns one; the forward of %s takes %s and returns %s"
              .formatted(
                  rootClass.type(),
                  forward == null ? "nothing" : forward.parameters(),
                  forward == null ? "nothing" : forward.returns()));
    }
    root = new Method(rootClass, forward);
    follow(forward.steps(), root, "", new Seen(), false, 0);
    called.add(root);
    refuseTheUncalled(rootClass, "", 0);
    if (layers.isEmpty()) {
      throw problem(
          refused.isEmpty()
              ? "%s has no submodules, so nothing in it can be hooked: its layers were merged (torch.jit.freeze, optimize_for_inference) or it never had any. Save the module as torch.jit.trace or torch.jit.script returns it"
                  .formatted(rootClass.type())
              : "none of its modules can be hooked: %s"
                  .formatted(
                      refused.entrySet().stream()
                          .limit(5)
                          .map(entry -> "'" + entry.getKey() + "' because " + entry.getValue())
                          .collect(Collectors.joining("; "))));
    }
  }

  private TorchScriptException problem(String what) {
    return new TorchScriptException("%s cannot be hooked: %s.".formatted(archive.path(), what));
  }

  private void follow(
      List<ScriptMethod.Step> steps,
      Method current,
      String prefix,
      Seen seen,
      boolean loop,
      int depth) {
    if (depth > DEEPEST) {
      throw problem("calls in calls go deeper than %d".formatted(DEEPEST));
    }
    for (ScriptMethod.Step step : steps) {
      if (step instanceof ScriptMethod.Call call) {
        follow(call, current, prefix, seen, loop, depth);
      } else if (step instanceof ScriptMethod.Branch branch) {
        // Only one of the two runs, so the n-th call of a module in either is the n-th one.
        Map<String, Integer> before = new HashMap<>(seen.counts());
        follow(branch.then(), current, prefix, seen, loop, depth + 1);
        Seen other = new Seen(before, seen.methods());
        follow(branch.otherwise(), current, prefix, other, loop, depth + 1);
        other.counts().forEach((name, count) -> seen.counts().merge(name, count, Math::max));
      } else if (step instanceof ScriptMethod.Loop repeated) {
        follow(repeated.steps(), current, prefix, seen, true, depth + 1);
      }
    }
  }

  private void follow(
      ScriptMethod.Call call, Method current, String prefix, Seen seen, boolean loop, int depth) {
    ScriptClass owner = current.owner;
    for (String attribute : call.receiver()) {
      owner = owner == null ? null : classes.get(owner.modules().get(attribute));
    }
    ScriptMethod method = owner == null ? null : owner.methods().get(call.method());
    if (method == null) {
      return;
    }
    if (++calls > MOST_CALLS) {
      throw problem("it makes more than %,d calls".formatted(MOST_CALLS));
    }
    Method inner = new Method(owner, method);
    if (call.receiver().isEmpty()) {
      current.inner.put(call, inner);
      follow(method.steps(), inner, prefix, seen, loop, depth + 1);
      called.add(inner);
      return;
    }
    String path = prefix + String.join(".", call.receiver());
    String name = number(path, seen.counts().merge(path, 1, Integer::sum));
    Method before = seen.methods().get(name);
    if (before != null && before.runs(owner, method)) {
      current.inner.put(call, before);
      return;
    }
    follow(method.steps(), inner, name + ".", new Seen(), loop, depth + 1);
    String reason = reason(method, loop, before != null || layers.containsKey(name));
    if (reason.isEmpty()) {
      inner.layer = layers.size();
      layers.put(name, inner);
    } else {
      refused.put(name, reason);
    }
    seen.methods().put(name, inner);
    current.inner.put(call, inner);
    called.add(inner);
  }

  /** The first call of a module has the module's name, the second {@code _1} behind it. */
  private static String number(String path, int count) {
    return count == 1 ? path : path + "_" + (count - 1);
  }

  private static String reason(ScriptMethod method, boolean loop, boolean taken) {
    if (loop) {
      return "it is called in a loop, where one layer has many outputs";
    }
    if (!method.returns().equals("Tensor")) {
      return "it returns %s and not one tensor".formatted(method.returns());
    }
    return taken ? "another call has its name" : "";
  }

  /** Says of every module that no call was found of why it is no layer. */
  private void refuseTheUncalled(ScriptClass owner, String prefix, int depth) {
    if (depth > DEEPEST || refused.size() > MOST_CALLS) {
      throw problem("it has more than %,d modules".formatted(MOST_CALLS));
    }
    owner
        .modules()
        .forEach(
            (attribute, type) -> {
              ScriptClass inner = classes.get(type);
              if (inner != null) {
                String name = prefix + attribute;
                if (!layers.containsKey(name)) {
                  refused.putIfAbsent(
                      name, "the program has no call of it that could be understood");
                }
                refuseTheUncalled(inner, name + ".", depth + 1);
              }
            });
  }

  /** The layers that can be hooked and their types, in the order they end. */
  Map<String, String> layers() {
    Map<String, String> types = new LinkedHashMap<>();
    layers.forEach((name, method) -> types.put(name, method.owner.type()));
    return types;
  }

  /** Why modules cannot be hooked, by their names. */
  Map<String, String> refused() {
    return refused;
  }

  /** The code files that change, with their new text; the file of the hook itself among them. */
  Map<String, String> rewritten() {
    Map<String, StringBuilder> added = new LinkedHashMap<>();
    for (int i = 0; i < called.size(); i++) {
      Method method = called.get(i);
      boolean holdsHooks = method.inner.values().stream().anyMatch(inner -> !inner.copy.isEmpty());
      if (holdsHooks || method.layer >= 0) {
        method.copy = "camlab_" + i;
        added
            .computeIfAbsent(method.owner.name(), name -> new StringBuilder())
            .append(copy(method, holdsHooks));
      }
    }
    added.get(root.owner.name()).append(trace());
    Map<String, String> files = new LinkedHashMap<>();
    added.forEach(
        (name, methods) -> {
          String file = fileOfClass.get(name);
          String text = files.getOrDefault(file, archive.code().get(file));
          files.put(file, insert(text, classes.get(name).type(), methods.toString()));
        });
    files.put(archive.folder() + HOOK_FILE, HOOK);
    return files;
  }

  private static String copy(Method method, boolean holdsHooks) {
    String run = method.method.name();
    StringBuilder text = new StringBuilder();
    String list = "camlab, ";
    if (holdsHooks) {
      run = method.layer >= 0 ? method.copy + "_inside" : method.copy;
      text.append(head(method, run)).append(body(method));
    } else {
      list = "";
    }
    if (method.layer >= 0) {
      text.append(head(method, method.copy))
          .append(
              "    output = (self).%s(%s%s)\n    return __torch__.camlab_hooks.hook(camlab, %d, output, )\n"
                  .formatted(
                      run,
                      list,
                      method.method.arguments().stream()
                          .map(argument -> argument + ", ")
                          .collect(Collectors.joining()),
                      method.layer));
    }
    return text.toString();
  }

  private static String head(Method method, String name) {
    List<String> parameters = new ArrayList<>(List.of("camlab: List[Tensor]"));
    parameters.addAll(method.method.parameters());
    return "  def %s(self: %s,\n    %s) -> %s:\n"
        .formatted(
            name, method.owner.name(), String.join(",\n    ", parameters), method.method.returns());
  }

  /** The body, in which calls with hooks inside go to the copies. */
  private static String body(Method method) {
    StringBuilder body = new StringBuilder(method.method.body());
    method.inner.entrySet().stream()
        .filter(entry -> !entry.getValue().copy.isEmpty())
        .sorted((a, b) -> b.getKey().start() - a.getKey().start())
        .forEach(
            entry -> {
              ScriptMethod.Call call = entry.getKey();
              int end = call.start() + call.method().length() + 1;
              body.replace(call.start(), end, entry.getValue().copy + "(camlab, ");
            });
    return body.append('\n').toString();
  }

  private String trace() {
    String picture = root.method.arguments().get(0);
    return """
      def %s(self: %s,
        wanted: Tensor,
        %s: Tensor) -> List[Tensor]:
        camlab = annotate(List[Tensor], [wanted])
        output = (self).%s(camlab, %s, )
        _0 = torch.append(camlab, output)
        return camlab
    """
        .formatted(TRACE, root.owner.name(), picture, root.copy, picture);
  }

  /** Adds methods at the end of a class. */
  private static String insert(String text, String type, String methods) {
    int start = ("\n" + text).indexOf("\nclass " + type + "(Module):\n");
    int end = text.indexOf('\n', start) + 1;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\n')) {
      int next = text.indexOf('\n', end);
      end = next < 0 ? text.length() : next + 1;
    }
    String before = text.substring(0, end);
    return before + (before.endsWith("\n") ? "" : "\n") + methods + text.substring(end);
  }
}
