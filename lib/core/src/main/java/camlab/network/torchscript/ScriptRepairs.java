package camlab.network.torchscript;

import ai.djl.Device;
import camlab.engine.ComputationException;
import camlab.network.Fact;
import camlab.network.program.Operators;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is changed in a program's text so that it computes, on this machine, what it computes when
 * it is evaluated, and so that gradients come through it.
 *
 * <ul>
 *   <li>A trace keeps the mode it was made in: {@code torch.dropout(x, 0.5, True)}. Dropout, random
 *       slopes, batch norms that have kept averages and the like are put into evaluation mode. A
 *       dropout that something else than the mode turns on is turned off.
 *   <li>What draws random numbers whatever the mode ends the program with an error that says so.
 *   <li>A trace keeps the device it was made on: {@code torch.device("cuda:0")}. It becomes the one
 *       the program runs on, in the text and among the stored objects.
 *   <li>A trace made without gradients may hold attention in one piece, {@code
 *       torch._native_multi_head_attention}, of which PyTorch knows no derivative. It becomes the
 *       steps it consists of, see {@link AttentionCode}.
 * </ul>
 *
 * <p>Nothing else is touched; what was is told by {@link #facts}.
 */
final class ScriptRepairs {

  /** The places of the argument that says whether an operation is in training mode. */
  private static final Map<String, Integer> MODES = new TreeMap<>();

  /**
   * Operations that compute with the batch's own averages unless they have kept ones, and where
   * they have their running mean; the running variance is the next.
   */
  private static final Map<String, Integer> NORMS =
      Map.of(
          "torch.batch_norm", 3,
          "torch.native_batch_norm", 3,
          "torch.cudnn_batch_norm", 3,
          "torch.instance_norm", 3,
          "torch.nn.functional.batch_norm", 1,
          "torch.nn.functional.instance_norm", 1);

  private static final int MASK_OF_LAYER = 18;
  private static final int MASK_OF_HEADS = 9;
  private static final int ATTENTION_DROPOUT = 4;

  static {
    for (String name :
        List.of("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout")) {
      MODES.put("torch." + name, 2);
      MODES.put("torch." + name + "_", 2);
      MODES.put("torch.nn.functional." + name, 2);
    }
    for (String name : List.of("dropout1d", "dropout2d", "dropout3d")) {
      MODES.put("torch.nn.functional." + name, 2);
    }
    MODES.put("torch.native_dropout", 2);
    MODES.put("torch.rrelu", 3);
    MODES.put("torch.rrelu_", 3);
    MODES.put("torch.nn.functional.rrelu", 3);
    MODES.put("torch.rrelu_with_noise", 4);
    NORMS.keySet().forEach(name -> MODES.put(name, 5));
    for (String name : List.of("lstm", "gru", "rnn_tanh", "rnn_relu")) {
      MODES.put("torch." + name, 6);
    }
  }

  /** A function that is bound to a name, the start of a function, or a call by a name. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?m)^ *(\\w+) = (__torch__\\.[\\w.]+)$|^ *(def) |(?<![\\w.])([A-Za-z_][\\w.]*)\\(");

  /** The mode of a module. The engine puts all of them into evaluation. */
  private static final Pattern MODE = Pattern.compile("\\w+(?:\\.\\w+)*\\.training");

  /** PyTorch's own functions. */
  private static final String FUNCTIONS = "/__torch__/torch/nn/functional.py";

  /** By what name those functions are given the mode. */
  private static final String HANDED_ON = "training";

  /** What is nothing in evaluation but for what is turned on. */
  private static final Pattern SWITCHED = Pattern.compile("dropout|rrelu");

  /**
   * Operations that may draw random numbers, all that PyTorch's own list has (the tag
   * nondeterministic_seeded) but for those of {@link #CHANCE}; what hands out memory as it is; and
   * those of other libraries.
   */
  private static final Pattern VARYING =
      Pattern.compile(
          "(?:torch|ops\\.aten)\\.\\w*(?:dropout|rrelu|attention|rnn|lstm|gru|_gamma|dirichlet|_functional|nested|empty|resize)|ops\\.(?!aten\\.|prim\\.)");

  private static final Pattern DEVICE =
      Pattern.compile("torch\\.device\\(\"(\\w+)(:\\d+)?\"(?:, \\d+)?\\)");

  private static final String ACCELERATOR = "(?:cuda|hip|mps|xpu|hpu|npu|xla|privateuseone)";

  /** A text in a pickle: its length in four bytes, least significant first. */
  private static final Pattern PICKLED_DEVICE =
      Pattern.compile("X(.)\\x00\\x00\\x00(" + ACCELERATOR + "(?::\\d+)?)", Pattern.DOTALL);

  /** What differs from call to call, whatever the mode. */
  private static final Pattern CHANCE =
      Pattern.compile(
          "(?<![\\w.])(torch\\.(?:rand|randn|randint|rand_like|randn_like|randint_like|randperm|random|bernoulli|binomial|multinomial|normal|log_normal|uniform|exponential|geometric|cauchy|poisson)_?)\\(");

  /**
   * Drop path as transformers have it: what survives is divided by the share k that does, and
   * multiplied by ⌊k + u⌋ with u between 0 and 1.
   */
  private static final Pattern DROP_PATH =
      Pattern.compile(
          "(?m)^ *(\\w+) = (torch\\.rand)\\(.*\\)\\n *(\\w+) = torch\\.add\\(\\1, ([\\w.]+)\\)\\n *(\\w+) = (torch\\.floor_?)\\(\\3\\)\\n"
              + "(?:.*torch\\.mul\\(torch\\.div\\(\\w+, \\4\\), \\5\\)| *(\\w+) = torch\\.div\\(\\w+, \\4\\)\\n.*torch\\.mul\\(\\7, \\5\\))");

  /** A batch norm counts with it the batches that it was trained on, and reads it only then. */
  private static final String COUNTER = "num_batches_tracked";

  private static final String OTHER_ATTRIBUTE = "\\w+(?:\\.\\w+)*\\.(?!" + COUNTER + "\\b)\\w+";

  /** Something that belongs to a module, and is given another value. */
  private static final Pattern ASSIGNED = Pattern.compile("(?m)^ +" + OTHER_ATTRIBUTE + " = ");

  /** The name of what works in place. */
  private static final String IN_PLACE = "(?!_)\\w*[a-z0-9]_";

  /** Calls in calls, each of which hands on the memory of what it is given. */
  private static final String VIEWS =
      "(?:torch\\.(?:%s|%s)\\()*".formatted(String.join("|", Operators.sharingMemory()), IN_PLACE);

  /**
   * Something that is changed where it is: a tensor in place, or a view of it, a list, a
   * dictionary. What another call makes anew, as {@code torch.norm(x)}, is nobody's.
   */
  private static final Pattern CHANGED =
      Pattern.compile(
          "torch\\.(?:%s|append|extend|insert|_set_item)\\(%s(?!torch\\.\\w+\\()([\\w.]+)"
              .formatted(IN_PLACE, VIEWS));

  /** A variable that stands for another, for something of a module, or for a view of either. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?m)^ *(\\w+) = " + VIEWS + "(?!torch\\.|__torch__)([a-zA-Z_]\\w*(?:\\.\\w+)*)[,)\\n]");

  private static final Pattern FUNCTION = Pattern.compile("(?m)^ *def ");

  /** What torch.no_grad keeps is the mode before it. */
  private static final String MODES_OF_GRADIENT = "/__torch__/torch/autograd/";

  private static final Pattern LITERAL = Pattern.compile("[-+.\\de]+");

  private final String device;
  private final Map<String, Integer> modes = new TreeMap<>();
  private final Map<String, Integer> switches = new TreeMap<>();
  private final Set<String> devices = new LinkedHashSet<>();
  private final Map<String, Integer> attention = new TreeMap<>();
  private final Set<String> chance = new LinkedHashSet<>();
  private boolean keeps;
  private boolean varies;
  private boolean mentionsVarying;
  private boolean recurrent;
  private final TorchScriptArchive original;
  private final TorchScriptArchive archive;

  /**
   * Repairs a program.
   *
   * @param original as it is in its file
   * @param device where it shall run, as PyTorch calls it: {@code cpu}, {@code cuda:0}
   */
  ScriptRepairs(TorchScriptArchive original, String device) {
    requireLayers(original);
    this.original = original;
    this.device = device;
    Map<String, String> code = new LinkedHashMap<>();
    original.code().forEach((file, text) -> code.put(file, repaired(file, text)));
    if (!attention.isEmpty()) {
      code.put(original.folder() + AttentionCode.FILE, AttentionCode.TEXT);
    }
    if (recurrent) {
      code.put(original.folder() + RecurrentCode.FILE, RecurrentCode.TEXT);
    }
    Map<String, byte[]> objects = new LinkedHashMap<>();
    for (String name : List.of("/data.pkl", "/constants.pkl")) {
      byte[] before = original.bytes(original.folder() + name);
      byte[] after = repaired(before);
      if (!Arrays.equals(after, before)) {
        objects.put(original.folder() + name, after);
      }
    }
    archive = original.with(code, objects);
  }

  /** What a file was made for if it has operations of a kind that gives nothing to look at. */
  private static void requireLayers(TorchScriptArchive archive) {
    for (String text : archive.code().values()) {
      if (text.contains("ops.prepacked.")) {
        throw new TorchScriptException(
            "%s was optimised for mobile phones (optimize_for_mobile): its layers were merged into operations for one kind of processor, ops.prepacked, and none is left to be hooked. Save the network as torch.jit.trace or torch.jit.script returns it, before that."
                .formatted(archive.path()));
      }
      if (text.contains("ops.prim.ConstantMKLDNNTensor(")) {
        throw new TorchScriptException(
            "%s was optimised for one kind of processor (torch.jit.optimize_for_inference): its layers were merged into operations for it, whose weights PyTorch does not read back. Save the network as torch.jit.trace or torch.jit.script returns it, before that."
                .formatted(archive.path()));
      }
      if (text.contains("torch.quantize_per_tensor(")
          || text.contains("torch.quantize_per_channel(")) {
        throw new TorchScriptException(
            "%s was quantised: its layers put out whole numbers of 8 bits (torch.quantize_per_tensor, ops.quantized), which have no gradient. Save the network as it was before it was quantised."
                .formatted(archive.path()));
      }
      if (text.contains("ops.quantized.")) {
        throw new TorchScriptException(
            "%s was quantised: some of its layers compute with weights of 8 bits (ops.quantized), and the engine gives no gradient of what they put out, but zeros. Save the network as it was before it was quantised."
                .formatted(archive.path()));
      }
    }
  }

  /** A device as PyTorch calls it. */
  static String name(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
  }

  /** The program as it is in its file. */
  TorchScriptArchive original() {
    return original;
  }

  /** The program as it is to be run. */
  TorchScriptArchive archive() {
    return archive;
  }

  /** Operations that were replaced by their steps, with how often. */
  Set<String> replaced() {
    return attention.keySet();
  }

  /**
   * Operations that are left and differ from call to call, such as {@code torch.rand_like}. Where
   * one is reached, the program ends with an error instead: see {@link #stopped}.
   */
  Set<String> chance() {
    return chance;
  }

  /**
   * Whether a call may change what belongs to a module, so that the next one finds it changed. What
   * is changed through a part of it is not seen in the text.
   */
  boolean keeps() {
    return keeps;
  }

  /**
   * Whether the text shows that a picture gives the same numbers each time, but for what ends with
   * an error: nothing is kept, no random numbers are drawn, no memory is handed out as it is.
   *
   * @param reached whether a run comes to operations that {@linkplain #mayVary may vary}, if any
   *     are there
   */
  boolean repeats(BooleanSupplier reached) {
    return !keeps && !varies && !(mentionsVarying && reached.getAsBoolean());
  }

  /** Whether an operation may give other numbers each time, whatever was repaired. */
  static boolean mayVary(String called) {
    return !isKnown(ScriptClass.readable(called)) && VARYING.matcher(called).lookingAt();
  }

  /** What was found and done, in words. */
  List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(mode());
    if (!devices.isEmpty()) {
      facts.add(
          new Fact(
              "devices in the program",
              "%s instead of %s".formatted(device, String.join(", ", devices)),
              Fact.Origin.READ,
              "the program names where it was made"));
    }
    if (!attention.isEmpty()) {
      facts.add(
          new Fact(
              "attention",
              "computed in steps that have a derivative",
              Fact.Origin.READ,
              "instead of " + counts(attention)));
    }
    return facts;
  }

  /** The engine puts every module into evaluation mode; what a trace has kept was mended here. */
  private Fact mode() {
    TorchScriptArchive.Modes stored = archive.modes();
    List<String> evidence = new ArrayList<>();
    if (!modes.isEmpty()) {
      evidence.add(counts(modes));
    }
    if (!switches.isEmpty()) {
      evidence.add(counts(switches));
    }
    if (stored.training() > 0) {
      evidence.add(
          String.format(
              Locale.ROOT,
              "the file was saved with %d of %d modules in training mode",
              stored.training(),
              stored.all()));
    }
    if (!evidence.isEmpty()) {
      return new Fact(
          "mode",
          modes.isEmpty() && stored.training() == 0
              ? "evaluation, whatever the program's own switches say"
              : "evaluation, into which layers that were in training mode were put",
          Fact.Origin.READ,
          String.join("; ", evidence));
    }
    String none = "no layer is traced in training mode";
    return new Fact(
        "mode",
        "evaluation",
        Fact.Origin.READ,
        stored.all() == 0
            ? none
            : String.format(
                Locale.ROOT, "%s, and none of the %d modules was saved in it", none, stored.all()));
  }

  private static String counts(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%s (%d %s)",
                    entry.getKey(),
                    entry.getValue(),
                    entry.getValue() == 1 ? "call" : "calls"))
        .collect(Collectors.joining(", "));
  }

  private String repaired(String file, String text) {
    List<TextEdit> edits = new ArrayList<>();
    edits.addAll(devices(text));
    edits.addAll(calls(file, text));
    edits.addAll(dropPaths(text));
    String repaired = TextEdit.applied(text, edits);
    keeps |= !file.contains(MODES_OF_GRADIENT) && keeps(repaired);
    return stopped(file, repaired);
  }

  private static boolean keeps(String text) {
    return FUNCTION.splitAsStream(text).anyMatch(ScriptRepairs::functionKeeps);
  }

  /** Whether one function does; in another the same names stand for something else. */
  private static boolean functionKeeps(String text) {
    if (ASSIGNED.matcher(text).find()) {
      return true;
    }
    Set<String> changed =
        CHANGED.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    if (changed.isEmpty()) {
      return false;
    }
    Set<String> kept = new HashSet<>();
    NAMED
        .matcher(text)
        .results()
        .filter(found -> isKept(found.group(2), kept))
        .forEach(found -> kept.add(found.group(1)));
    return changed.stream().anyMatch(name -> isKept(name, kept));
  }

  /** Whether a name is that of something that belongs to a module, other than a norm's counter. */
  private static boolean isKept(String name, Set<String> kept) {
    return name.contains(".") ? !name.endsWith(COUNTER) : kept.contains(name);
  }

  /**
   * A program with an error before each statement that draws random numbers. Whether some run
   * differs from another would show only by chance; whether such a statement is reached shows at
   * once, and whenever it is.
   */
  private String stopped(String file, String text) {
    Matcher call = CHANCE.matcher(text);
    if (!call.find()) {
      return text;
    }
    ScriptText source = new ScriptText(file, text);
    List<ScriptText.Range> statements = source.statements();
    List<TextEdit> stops = new ArrayList<>();
    do {
      // A text, such as that of an error, may read like a call.
      if (source.opens(call.end() - 1)) {
        chance.add(call.group(1));
        int place = call.start();
        int start =
            statements.stream()
                .filter(one -> one.from() <= place && place < one.to())
                .findFirst()
                .orElseThrow()
                .from();
        String indentation = text.substring(text.lastIndexOf('\n', start) + 1, start);
        stops.add(
            new TextEdit(
                start,
                start,
                "ops.prim.RaiseException(\"%s\", \"builtins.RuntimeError\")\n%s"
                    .formatted(ComputationException.drawing(call.group(1)), indentation)));
      }
    } while (call.find());
    return TextEdit.applied(text, stops);
  }

  /** In evaluation nothing is dropped: for u = 0, and not rounded, the factor is k / k. */
  private List<TextEdit> dropPaths(String text) {
    List<TextEdit> edits = new ArrayList<>();
    Matcher found = DROP_PATH.matcher(text);
    while (found.find()) {
      modes.merge("torch.rand", 1, Integer::sum);
      edits.add(new TextEdit(found.start(2), found.end(2), "torch.zeros"));
      edits.add(new TextEdit(found.start(6), found.end(6), "torch.clone"));
    }
    return edits;
  }

  private List<TextEdit> devices(String text) {
    List<TextEdit> edits = new ArrayList<>();
    Matcher found = DEVICE.matcher(text);
    while (found.find()) {
      if (!found.group(1).equals("meta") && !device.startsWith(found.group(1))) {
        devices.add(found.group(1) + (found.group(2) == null ? "" : found.group(2)));
        edits.add(
            new TextEdit(found.start(), found.end(), "torch.device(\"%s\")".formatted(device)));
      }
    }
    return edits;
  }

  private List<TextEdit> calls(String file, String text) {
    List<TextEdit> edits = new ArrayList<>();
    Map<String, String> functions = new HashMap<>();
    ScriptText source = null;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      if (token.group(3) != null) {
        functions.clear();
      } else if (token.group(1) != null) {
        functions.put(token.group(1), token.group(2));
      } else {
        String called = functions.getOrDefault(token.group(4), token.group(4));
        String name = ScriptClass.readable(called);
        mentionsVarying |= mayVary(called);
        if (isKnown(name)) {
          source = source == null ? new ScriptText(file, text) : source;
          // A text, such as that of an error, may read like a call.
          if (source.opens(token.end() - 1)) {
            boolean isHandedOn = file.endsWith(FUNCTIONS);
            edits.addAll(call(name, token.start(4), token.end() - 1, source, text, isHandedOn));
          }
        }
      }
    }
    return edits;
  }

  private static boolean isKnown(String name) {
    return MODES.containsKey(name)
        || AttentionCode.PARTS.containsKey(name)
        || name.equals("torch.scaled_dot_product_attention")
        || name.equals("torch.bernoulli_")
        || name.equals("torch.cuda");
  }

  private List<TextEdit> call(
      String name, int start, int open, ScriptText source, String text, boolean isHandedOn) {
    List<TextEdit> arguments = arguments(source, open, text);
    if (name.equals("torch.cuda")) {
      devices.add("cuda");
      return device.startsWith("cuda")
          ? List.of()
          : List.of(new TextEdit(start, open, "torch.cpu"));
    }
    if (AttentionCode.PARTS.containsKey(name)) {
      int mask = name.endsWith("layer_fwd") ? MASK_OF_LAYER : MASK_OF_HEADS;
      if (arguments.size() > mask && !arguments.get(mask).text().equals("None")) {
        return List.of();
      }
      attention.merge(name, 1, Integer::sum);
      return List.of(new TextEdit(start, open, AttentionCode.PARTS.get(name)));
    }
    if (name.equals("torch.scaled_dot_product_attention")) {
      String share =
          arguments.size() <= ATTENTION_DROPOUT ? "0." : arguments.get(ATTENTION_DROPOUT).text();
      boolean isWritten = LITERAL.matcher(share).matches();
      varies |= !isWritten;
      if (!isWritten || Double.parseDouble(share) == 0) {
        return List.of();
      }
      return List.of(changed(modes, name, arguments.get(ATTENTION_DROPOUT), "0."));
    }
    if (name.equals("torch.bernoulli_")) {
      return stochasticDepth(start, open, source.closing(open), arguments, text);
    }
    if (name.equals(RecurrentCode.OPERATION) && startsFromList(arguments, start, text)) {
      recurrent = true;
      List<TextEdit> edits = new ArrayList<>(inTraining(name, start, arguments, text, isHandedOn));
      edits.add(new TextEdit(start, open, RecurrentCode.FUNCTION));
      return edits;
    }
    return inTraining(name, start, arguments, text, isHandedOn);
  }

  /**
   * Whether an LSTM is given its first states as a list, and not rows of several lengths that were
   * packed: in a scripted program, which tests what it is given, both forms stand.
   */
  private static boolean startsFromList(List<TextEdit> arguments, int start, String text) {
    if (arguments.size() != RecurrentCode.ARGUMENTS) {
      return false;
    }
    String states = arguments.get(1).text();
    return states.startsWith("[")
        || Pattern.compile("(?m)^ *" + Pattern.quote(states) + " = \\[")
            .matcher(text.substring(0, start))
            .find();
  }

  /**
   * Puts one into evaluation mode.
   *
   * @param isHandedOn whether it is in a function of PyTorch's own, which is given the mode, and
   *     the calls of which are looked at
   */
  private List<TextEdit> inTraining(
      String name, int start, List<TextEdit> arguments, String text, boolean isHandedOn) {
    int place = MODES.get(name);
    String mode = arguments.size() <= place ? "" : arguments.get(place).text();
    if (!mode.equals("True")) {
      return NORMS.containsKey(name)
              || mode.equals("False")
              || (isHandedOn && mode.equals(HANDED_ON))
              || isMode(mode, start, text)
          ? List.of()
          : switchedOff(name, mode, arguments);
    }
    Integer mean = NORMS.get(name);
    boolean keepsNothing =
        mean != null
            && (isNone(arguments.get(mean).text(), start, text)
                || isNone(arguments.get(mean + 1).text(), start, text));
    return keepsNothing ? List.of() : List.of(changed(modes, name, arguments.get(place), "False"));
  }

  /** A dropout that a number or an attribute turns on is for training all the same. */
  private List<TextEdit> switchedOff(String name, String by, List<TextEdit> arguments) {
    if (by.isEmpty() || !SWITCHED.matcher(name).find()) {
      varies = true;
      return List.of();
    }
    String call = "%s by '%s'".formatted(name, by);
    return List.of(changed(switches, call, arguments.get(MODES.get(name)), "False"));
  }

  /**
   * Whether an argument is the mode of a module, or a name that its function gives to nothing else.
   */
  private static boolean isMode(String argument, int start, String text) {
    String before = text.substring(Math.max(0, text.lastIndexOf("def ", start)), start);
    List<String> bound =
        Pattern.compile("(?m)^ *" + Pattern.quote(argument) + " = (.*)$")
            .matcher(before)
            .results()
            .map(found -> found.group(1))
            .toList();
    return MODE.matcher(argument).matches()
        || (!bound.isEmpty() && bound.stream().allMatch(MODE.asMatchPredicate()));
  }

  /** Whether an argument is None, or an attribute that its class declares to be nothing else. */
  private static boolean isNone(String argument, int start, String text) {
    String before = text.substring(Math.max(0, text.lastIndexOf("\nclass ", start)), start);
    String attribute =
        Pattern.compile("(?m)^ *" + Pattern.quote(argument) + " = (self\\.\\w+)$")
            .matcher(before)
            .results()
            .reduce((first, last) -> last)
            .map(bound -> bound.group(1))
            .orElse(argument);
    return argument.equals("None")
        || (attribute.startsWith("self.")
            && before.contains(
                "\n  %s : NoneType\n".formatted(attribute.substring("self.".length()))));
  }

  private static TextEdit changed(
      Map<String, Integer> counts, String name, TextEdit argument, String value) {
    counts.merge(name, 1, Integer::sum);
    return new TextEdit(argument.start(), argument.end(), value);
  }

  /**
   * Stochastic depth drops whole branches: what survives is divided by the share p that does. In
   * evaluation nothing is dropped, and the factor is p / p. A share of one half is not written.
   */
  private List<TextEdit> stochasticDepth(
      int start, int open, int close, List<TextEdit> arguments, String text) {
    Matcher statement =
        Pattern.compile("(\\w+) = $")
            .matcher(text.substring(text.lastIndexOf('\n', start) + 1, start));
    boolean isHalf = arguments.size() == 1;
    boolean isWritten = arguments.size() == 2 && LITERAL.matcher(arguments.get(1).text()).matches();
    if (!(isHalf || isWritten) || !statement.find()) {
      return List.of();
    }
    String next = text.substring(close + 1, Math.min(text.length(), close + 200)).stripLeading();
    if (!next.matches("(?s)\\w+ = torch\\.div_\\(" + statement.group(1) + ", .*")) {
      return List.of();
    }
    modes.merge("torch.bernoulli_", 1, Integer::sum);
    TextEdit filled = new TextEdit(start, open, "torch.fill_");
    return isHalf ? List.of(filled, new TextEdit(close, close, ", 0.5")) : List.of(filled);
  }

  /** The arguments of a call: where each is, and its text. */
  private static List<TextEdit> arguments(ScriptText source, int open, String text) {
    List<TextEdit> arguments = new ArrayList<>();
    int close = source.closing(open);
    int start = open + 1;
    for (int i = start; i <= close; i++) {
      char c = text.charAt(i);
      if (i == close || c == ',') {
        String argument = text.substring(start, i);
        int from = start + argument.length() - argument.stripLeading().length();
        if (!argument.isBlank()) {
          arguments.add(new TextEdit(from, from + argument.strip().length(), argument.strip()));
        }
        start = i + 1;
      } else if (c == '(' || c == '[' || c == '{' || c == '"') {
        i = source.closing(i);
      }
    }
    return arguments;
  }

  private byte[] repaired(byte[] pickle) {
    Matcher found = PICKLED_DEVICE.matcher(new String(pickle, StandardCharsets.ISO_8859_1));
    String result =
        found.replaceAll(
            match -> {
              if (match.group(1).charAt(0) != match.group(2).length()) {
                return Matcher.quoteReplacement(match.group());
              }
              devices.add(match.group(2));
              return "X\u0003\u0000\u0000\u0000cpu";
            });
    return result.getBytes(StandardCharsets.ISO_8859_1);
  }
}
