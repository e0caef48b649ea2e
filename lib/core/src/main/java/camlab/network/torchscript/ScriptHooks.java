package camlab.network.torchscript;

import camlab.network.Stated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A TorchScript program with a hook behind every layer.
 *
 * <p>A layer is a call of a submodule: following the calls from the network's {@code forward} gives
 * their names, their types and their order. Of each method with layers inside it a copy is added,
 * in which the calls go to such copies, and what a layer puts out goes through its hook. The copies
 * ask for the second factors of products, too, see {@link ProductCode}, and carry one list through
 * all calls: it starts with what to do at each layer, and the hook adds to it. The methods that
 * were there stay as they were.
 *
 * <p>The copies are functions that take the module, and no methods of its class: when a file is
 * loaded, PyTorch looks through all methods of every module, so that a hundred copies in a class
 * that a hundred modules share would be looked through ten thousand times.
 */
final class ScriptHooks {

  private static final Set<String> RECTIFIERS =
      Set.of("torch.nn.modules.activation.ReLU", "torch.nn.modules.activation.ReLU6");

  private static final String IN_A_LOOP =
      "it is called in a loop, where one layer has many outputs";

  private static final String TAKEN = "another call has its name";

  private static final String UNCALLED = "the program has no call of it that could be understood";

  /** An attribute, read by either of the two ways there are. */
  private static final Pattern MENTION = Pattern.compile("(?:\\.|, \")(\\w+)");

  /** More calls than any network has; a file of shared classes can describe any number. */
  private static final int MOST_CALLS = 20_000;

  private static final int DEEPEST = 200;

  private final TorchScriptArchive archive;
  private final Map<String, ScriptClass> classes = new HashMap<>();
  private final Map<String, String> fileOfClass = new HashMap<>();

  /** The types of the layers that can be hooked, by their names, in the order they end. */
  private final Map<String, String> layers = new LinkedHashMap<>();

  /** Their places in this order. */
  private final Map<String, Integer> places = new HashMap<>();

  /** The branches in which a layer runs: for each of its calls which one of each pair. */
  private final Map<String, List<Map<Integer, Boolean>>> branches = new HashMap<>();

  /** The branches that are being followed: which one of each pair. */
  private Map<Integer, Boolean> branch = Map.of();

  private int pairs;

  /** Those of them that are a ReLU. */
  private final Set<String> rectifiers = new LinkedHashSet<>();

  /** ReLUs that are none of the layers, and what may be one or hold one. */
  private final Set<String> hidden = new LinkedHashSet<>();

  /** Why a module or a call of it cannot be hooked, by its name. */
  private final Map<String, String> refused = new LinkedHashMap<>();

  /** Calls of modules that are called several times. */
  private final Set<String> reused = new HashSet<>();

  /** All calls that were followed, each behind the calls inside it. */
  private final List<Method> called = new ArrayList<>();

  private final ScriptFunctions functions;
  private final Method root;
  private final ScriptType.Reader types;
  private final ScriptArguments arguments;
  private final ScriptType returned;
  private ScriptOutputs.Choice choice = ScriptOutputs.only();
  private List<ScriptEnding.Place> ending = List.of();
  private int calls;

  /**
   * A method as it runs for one layer, or, where a layer's method calls another of its own, a part.
   */
  static final class Method {
    final ScriptClass owner;
    final ScriptMethod method;
    final Map<ScriptMethod.Call, Method> inner = new LinkedHashMap<>();

    /** The ReLUs in it that are no modules, with their places among the layers. */
    final Map<ScriptMethod.Rectifier, Integer> rectifiers = new LinkedHashMap<>();

    /** Its place among the layers; negative if it is none that can be hooked. */
    int layer = -1;

    /** The softmax or sigmoid that the program ends with, where it stands in this method. */
    final List<ScriptEnding.Place> ending = new ArrayList<>();

    /** What to call instead of the original; empty if nothing is to be changed in it. */
    String copy = "";

    Method(ScriptClass owner, ScriptMethod method) {
      this.owner = owner;
      this.method = method;
    }

    boolean changes() {
      return !rectifiers.isEmpty()
          || !ending.isEmpty()
          || ProductCode.isIn(method.body())
          || inner.values().stream().anyMatch(Method::isHooked);
    }

    /** Whether it is called in another way than before: with a hook, with hooks inside, or both. */
    boolean isHooked() {
      return layer >= 0 || !copy.isEmpty();
    }

    boolean runs(ScriptClass otherOwner, ScriptMethod other) {
      return owner.name().equals(otherOwner.name()) && method.name().equals(other.name());
    }
  }

  /** What was seen so far inside one layer: how many calls of each module, which, and ReLUs. */
  private record Seen(
      Map<String, Integer> counts, Map<String, Method> methods, Map<String, Integer> rectifiers) {

    Seen() {
      this(new HashMap<>(), new HashMap<>(), new HashMap<>());
    }

    /** For the other branch: only one of two runs, so the n-th call in either is the n-th one. */
    Seen otherwise(Map<String, Integer> before) {
      return new Seen(before, methods, rectifiers);
    }
  }

  /**
   * Follows the calls of a program.
   *
   * @param archive the program
   * @param stated what was stated of it
   * @throws TorchScriptException if the program is not of the expected form, or has no layer that
   *     can be hooked; the message says why
   */
  ScriptHooks(TorchScriptArchive archive, Stated stated) {
    this.archive = archive;
    Map<String, String> code = new HashMap<>();
    archive
        .code()
        .forEach(
            (file, text) -> {
              code.put(archive.prefix(file), text);
              ScriptClass.read(archive.prefix(file), text)
                  .forEach(
                      (name, read) -> {
                        classes.put(name, read);
                        fileOfClass.put(name, file);
                      });
            });
    functions = new ScriptFunctions(code);
    ScriptClass rootClass = classes.get(archive.root());
    if (rootClass == null) {
      throw problem("its code lacks the class %s".formatted(archive.root()));
    }
    ScriptMethod forward = rootClass.methods().get("forward");
    if (forward == null) {
      Set<String> others = new TreeSet<>(rootClass.methods().keySet());
      throw problem(
          "%s has no forward%s. Save a module whose forward %s"
              .formatted(
                  rootClass.type(),
                  others.isEmpty() ? "" : "; it has " + String.join(", ", others),
                  others.isEmpty()
                      ? "takes a picture"
                      : "calls it: def forward(self, x): return self.network.%s(x)"
                          .formatted(others.iterator().next())));
    }
    types = new ScriptType.Reader(archive);
    returned = types.type(forward.returns());
    if (!OutputCode.holdsTensors(returned)) {
      throw problem(
          "the forward of %s returns %s, in which no tensor was found that could be explained"
              .formatted(rootClass.type(), forward.returns()));
    }
    arguments =
        new ScriptArguments(
            archive.path().toString(),
            forward,
            archive.source().map(Exported::inputs).orElse(List.of()),
            stated);
    root = new Method(rootClass, forward);
    follow(forward.steps(), root, "", new Seen(), false, 0);
    called.add(root);
    refuseTheUncalled(rootClass, "", 0);
    findTheHidden();
    if (layers.isEmpty()) {
      throw problem(
          refused.isEmpty() && archive.source().isPresent()
              ? "its operators do not say in which modules they were called, so there are no layers. Export the nn.Module itself"
              : refused.isEmpty()
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
      throw problem(String.format(Locale.ROOT, "calls in calls go deeper than %d", DEEPEST));
    }
    for (ScriptMethod.Step step : steps) {
      if (step instanceof ScriptMethod.Call call) {
        follow(call, current, prefix, seen, loop, depth);
      } else if (step instanceof ScriptMethod.Rectifier rectifier) {
        if (!isRectifier(current.owner)) {
          follow(rectifier, current, prefix, seen, loop);
        }
      } else if (step instanceof ScriptMethod.Branch either) {
        Seen other = seen.otherwise(new HashMap<>(seen.counts()));
        Map<Integer, Boolean> outside = branch;
        int pair = pairs++;
        branch = with(outside, pair, true);
        follow(either.then(), current, prefix, seen, loop, depth + 1);
        branch = with(outside, pair, false);
        follow(either.otherwise(), current, prefix, other, loop, depth + 1);
        branch = outside;
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
    count();
    Method inner = new Method(owner, method);
    if (call.receiver().isEmpty()) {
      current.inner.put(call, inner);
      follow(method.steps(), inner, prefix, seen, loop, depth + 1);
      called.add(inner);
      return;
    }
    String path = prefix + String.join(".", call.receiver());
    int count = seen.counts().merge(path, 1, Integer::sum);
    String name = number(path, count);
    if (count > 1) {
      reused.addAll(List.of(path, name));
    }
    Method before = seen.methods().get(name);
    if (before != null && before.runs(owner, method)) {
      current.inner.put(call, before);
      runsHere(name);
      return;
    }
    follow(method.steps(), inner, name + ".", new Seen(), loop, depth + 1);
    String reason = reason(method, loop, isTaken(name, owner.type()));
    if (reason.isEmpty()) {
      inner.layer = add(name, owner.type(), isRectifier(owner));
    } else {
      refuse(name, reason, isRectifier(owner));
    }
    seen.methods().put(name, inner);
    current.inner.put(call, inner);
    called.add(inner);
  }

  /** A ReLU that is no module is a layer all the same, called {@code relu}. */
  private void follow(
      ScriptMethod.Rectifier rectifier, Method current, String prefix, Seen seen, boolean loop) {
    count();
    String path = prefix + rectifier.type().toLowerCase(Locale.ROOT);
    String name = number(path, seen.counts().merge(path, 1, Integer::sum));
    Integer before = seen.rectifiers().get(name);
    if (before != null) {
      current.rectifiers.put(rectifier, before);
      runsHere(name);
    } else if (loop) {
      refuse(name, IN_A_LOOP, true);
    } else if (isTaken(name, rectifier.type())) {
      refuse(name, TAKEN, true);
    } else {
      int layer = add(name, rectifier.type(), true);
      seen.rectifiers().put(name, layer);
      current.rectifiers.put(rectifier, layer);
    }
  }

  private void count() {
    if (++calls > MOST_CALLS) {
      throw problem(String.format(Locale.ROOT, "it makes more than %,d calls", MOST_CALLS));
    }
  }

  private static Map<Integer, Boolean> with(
      Map<Integer, Boolean> branches, int pair, boolean side) {
    Map<Integer, Boolean> more = new HashMap<>(branches);
    more.put(pair, side);
    return more;
  }

  /**
   * Whether a name is that of another layer. In two branches of which only one runs it is not: a
   * program may call the blocks one by one here, and their container there.
   */
  private boolean isTaken(String name, String type) {
    return layers.containsKey(name)
        && !(layers.get(name).equals(type)
            && branches.get(name).stream()
                .allMatch(
                    other ->
                        branch.entrySet().stream()
                            .anyMatch(
                                side ->
                                    !other
                                        .getOrDefault(side.getKey(), side.getValue())
                                        .equals(side.getValue()))));
  }

  /** A layer, and all inside it, may run in these branches, too. */
  private void runsHere(String name) {
    branches.forEach(
        (layer, runs) -> {
          if (layer.equals(name) || layer.startsWith(name + ".")) {
            runs.add(branch);
          }
        });
  }

  /** Adds a layer, and returns its place. */
  private int add(String name, String type, boolean rectifier) {
    if (rectifier) {
      rectifiers.add(name);
    }
    layers.put(name, type);
    branches.computeIfAbsent(name, key -> new ArrayList<>()).add(branch);
    return places.computeIfAbsent(name, key -> places.size());
  }

  private void refuse(String name, String reason, boolean rectifier) {
    refused.put(name, reason);
    if (rectifier) {
      hidden.add("'%s' cannot be hooked: %s".formatted(name, reason));
    }
  }

  private static boolean isRectifier(ScriptClass owner) {
    return RECTIFIERS.contains(ScriptClass.readable(owner.name()));
  }

  /** The first call of a module has the module's name, the second {@code _1} behind it. */
  private static String number(String path, int count) {
    return count == 1 ? path : path + "_" + (count - 1);
  }

  private static String reason(ScriptMethod method, boolean loop, boolean taken) {
    if (loop) {
      return IN_A_LOOP;
    }
    if (!method.returns().equals("Tensor")) {
      return "it returns %s and not one tensor".formatted(method.returns());
    }
    return taken ? TAKEN : "";
  }

  /** Says of every module that no call was found of why it is no layer. */
  private void refuseTheUncalled(ScriptClass owner, String prefix, int depth) {
    if (depth > DEEPEST || refused.size() > MOST_CALLS) {
      throw problem(String.format(Locale.ROOT, "it has more than %,d modules", MOST_CALLS));
    }
    owner
        .modules()
        .forEach(
            (attribute, type) -> {
              ScriptClass inner = classes.get(type);
              if (inner != null) {
                String name = prefix + attribute;
                if (!layers.containsKey(name)) {
                  refused.putIfAbsent(name, UNCALLED);
                }
                refuseTheUncalled(inner, name + ".", depth + 1);
              }
            });
  }

  /** Finds the code that runs, or may run, and may hold a ReLU that is no layer. */
  private void findTheHidden() {
    Set<String> mentioned = new HashSet<>();
    for (Method method : called) {
      String body = method.method.body();
      MENTION.matcher(body).results().forEach(found -> mentioned.add(found.group(1)));
      if (!isRectifier(method.owner)) {
        functions
            .suspect(body)
            .ifPresent(name -> hidden.add("%s calls %s".formatted(method.owner.type(), name)));
      }
    }
    Set<String> followed = new HashSet<>(layers.keySet());
    refused.forEach(
        (name, reason) -> {
          if (!reason.equals(UNCALLED)) {
            followed.add(name);
          }
        });
    for (String name : List.copyOf(followed)) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        followed.add(name.substring(0, dot));
      }
    }
    findTheUncalled(root.owner, "", followed, mentioned);
  }

  private void findTheUncalled(
      ScriptClass owner, String prefix, Set<String> followed, Set<String> mentioned) {
    owner
        .modules()
        .forEach(
            (attribute, type) -> {
              ScriptClass inner = classes.get(type);
              String name = prefix + attribute;
              // What no code mentions does not run, and so does nothing inside it.
              if (inner == null || !(followed.contains(name) || mentioned.contains(attribute))) {
                return;
              }
              if (followed.contains(name) || inner.methods().isEmpty()) {
                findTheUncalled(inner, name + ".", followed, mentioned);
              } else {
                hidden.add("'%s' may run, though %s".formatted(name, UNCALLED));
              }
            });
  }

  /** The layers that can be hooked and their types, in the order they end. */
  Map<String, String> layers() {
    return layers;
  }

  /** Calls of modules that are called several times; what is inside them is, too. */
  Set<String> reused() {
    return reused;
  }

  /** The layers that are a ReLU. */
  Set<String> rectifiers() {
    return rectifiers;
  }

  /**
   * ReLUs that are none of the layers, and what may be one or hold one; each as half a sentence.
   */
  Set<String> hidden() {
    return hidden;
  }

  /** Why modules cannot be hooked, by their names. */
  Map<String, String> refused() {
    return refused;
  }

  /** Whether there is a product of matrices whose second factor can be held. */
  boolean holdsProducts() {
    return called.stream().anyMatch(method -> ProductCode.isIn(method.method.body()));
  }

  /** Whether some of its layers may not run. */
  boolean hasBranches() {
    return pairs > 0;
  }

  /** The program's {@code forward}, with the calls in it. */
  Method root() {
    return root;
  }

  /** The program's functions that are no methods. */
  ScriptFunctions functions() {
    return functions;
  }

  /** What the program's {@code forward} is called with. */
  ScriptArguments arguments() {
    return arguments;
  }

  /** The type of what it returns. */
  ScriptType returned() {
    return returned;
  }

  /** Which of the tensors that the program returns is explained. */
  ScriptOutputs.Choice choice() {
    return choice;
  }

  /** Takes that tensor as the network's output, and what goes into a softmax that it ends with. */
  void choose(ScriptOutputs.Choice chosen) {
    choice = chosen;
    ending = ScriptEnding.find(root, chosen.named(), types);
    ending.forEach(place -> place.method().ending.add(place));
  }

  /** What the chosen tensor may be the end of; the hooked program leaves it out. */
  List<ScriptEnding.Place> ending() {
    return ending;
  }

  /** Leaves the end of the program as it is. */
  void keepEnding() {
    ending = List.of();
    called.forEach(method -> method.ending.clear());
  }

  /** The code files that change so that the program tells all its outputs. */
  Map<String, String> listing() {
    String file = fileOfClass.get(root.owner.name());
    String method = OutputCode.all(root.owner.name(), arguments, returned);
    return Map.of(file, insert(archive.code().get(file), root.owner.type(), typed(method)));
  }

  /** All code files with their new text; those of the hooks themselves among them. */
  Map<String, String> rewritten() {
    StringBuilder copies = new StringBuilder(HookCode.TEXT);
    for (int i = 0; i < called.size(); i++) {
      Method method = called.get(i);
      method.copy = "";
      if (method.changes()) {
        method.copy = "camlab_" + i;
        copies.append(copy(method));
      }
    }
    Map<String, String> files = new LinkedHashMap<>(archive.code());
    String file = fileOfClass.get(root.owner.name());
    String methods =
        typed(HookCode.trace(root.owner.name(), root.copy, arguments, choice))
            + typed(OutputCode.one(root.owner.name(), arguments, choice));
    files.put(file, insert(archive.code().get(file), root.owner.type(), methods));
    files.put(archive.folder() + HookCode.FILE, copies.toString());
    files.replaceAll((name, text) -> NormCode.in(text));
    files.put(archive.folder() + NormCode.FILE, NormCode.TEXT);
    return files;
  }

  /** A method that turns its pictures into bfloat16 where the program takes that: DJL cannot. */
  private String typed(String method) {
    return archive.firstType().filter("BFloat16"::equals).isEmpty()
        ? method
        : method.replaceFirst("( -> [^\n]*:\n)", "$1    picture = torch.to(picture, 15)\n");
  }

  private static String copy(Method method) {
    return head(method) + body(method);
  }

  /** The call of a copy, up to the arguments of the method that it is a copy of. */
  private static String called(String copy, String module) {
    return "%s%s(%s, %s".formatted(HookCode.COPIES, copy, module, HookCode.HANDED_ON);
  }

  private static String head(Method method) {
    List<String> parameters = new ArrayList<>(List.of(HookCode.PARAMETERS));
    parameters.addAll(method.method.parameters());
    return "def %s(%s: %s,\n    %s) -> %s:\n"
        .formatted(
            method.copy,
            method.method.self(),
            method.owner.name(),
            String.join(",\n    ", parameters),
            method.method.returns());
  }

  /**
   * The body, in which calls with hooks inside go to the copies, and what layers put out goes
   * through their hooks. There and not in the copies: a module with nothing to change inside then
   * needs no copy, which the engine would have to compile.
   */
  private static String body(Method method) {
    List<TextEdit> edits = new ArrayList<>();
    // First, since of two edits at one place the later comes first: a hook ends inside them. Of
    // branches one may do more behind the same call, which is then found for each of them.
    method.ending.stream()
        .flatMap(
            place ->
                Stream.of(
                    new TextEdit(place.start(), place.from(), "("),
                    new TextEdit(place.to(), place.end(), ")")))
        .distinct()
        .forEach(edits::add);
    method.inner.forEach(
        (call, inner) -> {
          if (!inner.isHooked()) {
            return;
          }
          int name = call.start() + call.method().length() + 1;
          String run = method.method.body().substring(call.from(), name);
          if (!inner.copy.isEmpty()) {
            String module = method.method.body().substring(call.from(), call.start() - 1);
            run = called(inner.copy, module);
          }
          edits.add(new TextEdit(call.from(), name, opening(inner.layer) + run));
          edits.add(new TextEdit(call.end(), call.end(), closing(inner.layer)));
        });
    method.rectifiers.forEach(
        (rectifier, layer) -> {
          edits.add(new TextEdit(rectifier.start(), rectifier.start(), opening(layer)));
          edits.add(new TextEdit(rectifier.end(), rectifier.end(), closing(layer)));
        });
    String edited = TextEdit.applied(method.method.body(), edits);
    return ProductCode.in(method.owner.name(), edited) + '\n';
  }

  /** What stands before the output of a layer; nothing if it is no layer. */
  private static String opening(int layer) {
    return layer < 0 ? "" : String.format(Locale.ROOT, HookCode.CALL, layer);
  }

  private static String closing(int layer) {
    return layer < 0 ? "" : ", )";
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
