package camlab.network.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether code leaves the places of a picture in their order, all of them. A view, a gathering, a
 * product or a cut may put them elsewhere, or keep some only, while their number follows the
 * picture's size as before. So each function that a program calls has to be one of which it is
 * known that it does neither, however its dimensions are arranged.
 */
final class PlacesCode {

  /** What computes each number from those at its place and about it, and from nothing else. */
  private static final Pattern KEEPING =
      Pattern.compile(
          "torch\\.("
              + "_?convolution|conv[12]d|conv_transpose2d|linear|addmm"
              + "|(batch|instance|group|layer)_norm|linalg_vector_norm|norm"
              + "|(adaptive_)?(avg|max)_pool[123]d|_?upsample_\\w+"
              + "|(feature_|alpha_)?dropout_?|bernoulli_|new_empty|empty"
              + "|(relu|relu6|leaky_relu|gelu|elu|celu|selu|silu|mish|sigmoid|hardsigmoid|hardswish|hardtanh|prelu|softplus|softsign|tanh|log_sigmoid)_?"
              + "|(add|sub|rsub|mul|div|addcmul|pow|exp|log|sqrt|rsqrt|square|abs|neg|reciprocal|floor|ceil|clamp|clamp_min|clamp_max|minimum|maximum|where|masked_fill|fill|zero)_?"
              + "|(log_)?softmax|mean|sum|amax|amin|max|min"
              + "|permute|transpose|numpy_T|mT|t|unsqueeze|squeeze|expand|expand_as|contiguous|clone|detach|to|type_as"
              // numbers, lists and messages
              + "|size|numel|dim|len|eq|ne|lt|gt|le|ge|floordiv|floor_divide|remainder|__\\w+__|__range_length|__derive_index"
              + "|format|warn|append|list|copy|_set_item|device|is_floating_point|is_grad_enabled|is_autocast_enabled"
              + ")|ops\\.prim\\.\\w+");

  /** What may cut, with the place of the dimension among its arguments. */
  private static final Map<String, Integer> CUTTING =
      Map.of(
          "torch.slice", 1,
          "torch.narrow", 1,
          "torch.split", 2,
          "torch.split_with_sizes", 2,
          "torch.chunk", 2,
          "torch.tensor_split", 2);

  private static final Pattern CALL =
      Pattern.compile("(?<![\\w.])((?:torch|ops)\\.\\w+(?:\\.\\w+)*)\\(");

  private static final Set<String> FIRST = Set.of("0", "None");
  private static final Set<String> LAST = Set.of(Long.toString(Long.MAX_VALUE), "None");

  /** Paddings of so many rows or columns are those that convolutions have themselves. */
  private static final Pattern NARROW = Pattern.compile("\\[\\s*[0-8](\\s*,\\s*[0-8])*\\s*]");

  /** The two ends of a side. */
  private static final Pattern ENDS = Pattern.compile("(\\d)\\s*,\\s*(\\d)");

  /**
   * Shapes in which no rows and columns lie: one or two dimensions, or a number for each channel.
   */
  private static final Pattern WITHOUT_PLACES =
      Pattern.compile("\\[[^,]*(,[^,]*)?]|\\[.*,\\s*1\\s*,\\s*1\\s*]", Pattern.DOTALL);

  /** One name gets one value. */
  private static final Pattern BINDING = Pattern.compile("(\\w+) = (.*)", Pattern.DOTALL);

  /** Names get values that do not stand beside them, or several get theirs at once. */
  private static final Pattern GIVING = Pattern.compile("(def|for) |\\w+, .*= ");

  /** A function that changes its first argument. */
  private static final Pattern WRITING = Pattern.compile("torch\\.\\w+_\\(");

  /** Something of a module gets a value, which may be read where no code shows it. */
  private static final Pattern STORING =
      Pattern.compile("^ *[\\w.()]+\\.\\w+ = ", Pattern.MULTILINE);

  /** A module is called: what it answers may be what it has seen. */
  private static final Pattern METHOD = Pattern.compile("\\)\\.\\w+\\(");

  /** Not what belongs to something that is named before it. */
  private static final Pattern NAME = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");

  private static final Set<String> OF_NO_PICTURE =
      Set.of("self", "torch", "CONSTANTS", "True", "False", "None", "int", "float");

  private final String owner;
  private final String code;

  /** Made when first needed; null before. */
  private ScriptText text;

  /** Found when first needed; null before. */
  private Set<String> own;

  private PlacesCode(String owner, String code) {
    this.owner = owner;
    this.code = code;
  }

  /**
   * {@return whether some code is known to leave places as they are}
   *
   * @param owner whose code it is, for messages
   * @param code the text
   */
  static boolean keeps(String owner, String code) {
    return new PlacesCode(owner, code).keeps();
  }

  private boolean keeps() {
    if (STORING.matcher(code).find()) {
      return false;
    }
    Matcher call = CALL.matcher(code);
    while (call.find()) {
      String function = call.group(1);
      if (!KEEPING.matcher(function).matches() && !keeps(function, call.end() - 1)) {
        return false;
      }
    }
    return true;
  }

  private boolean keeps(String function, int open) {
    text = text == null ? new ScriptText(owner, code) : text;
    if (!text.opens(open)) {
      return true; // inside a text, such as that of an error, which may read like a call
    }
    List<String> arguments =
        text.ranges(open + 1, text.closing(open)).stream()
            .map(range -> code.substring(range.from(), range.to()).strip())
            .toList();
    String second = arguments.size() > 1 ? arguments.get(1) : "";
    return switch (function) {
      case "torch.pad",
          "torch.constant_pad_nd",
          "torch.reflection_pad2d",
          "torch.replication_pad2d" ->
          NARROW.matcher(second).matches() && isEven(second);
      case "torch.view", "torch.reshape" ->
          WITHOUT_PLACES.matcher(second).matches() || isOwn(arguments.get(0));
      case "torch.reshape_as", "torch.view_as" -> isOwn(arguments.get(0));
      case "torch.cat", "torch.flatten" -> second.equals("1");
      default -> CUTTING.containsKey(function) && keepsAll(function, arguments);
    };
  }

  /** Whether an expression holds nothing of a picture, as that of normalised weights. */
  private boolean isOwn(String expression) {
    own = own == null ? own() : own;
    return isOf(own, expression);
  }

  /** The names of what is computed from a module's own values alone, wherever one is given. */
  private Set<String> own() {
    Map<String, List<String>> values = new HashMap<>();
    Set<String> given = new HashSet<>();
    for (ScriptText.Range range : text.statements()) {
      String statement = code.substring(range.from(), range.to());
      Matcher binding = BINDING.matcher(statement);
      if (binding.matches()) {
        values.computeIfAbsent(binding.group(1), name -> new ArrayList<>()).add(binding.group(2));
      } else if (GIVING.matcher(statement).lookingAt()) {
        NAME.matcher(statement).results().forEach(name -> given.add(name.group()));
      }
    }
    Set<String> own = new HashSet<>(values.keySet());
    own.removeAll(given);
    boolean fewer;
    do { // a name that goes may be of what another one is computed from
      fewer = own.removeIf(name -> !values.get(name).stream().allMatch(value -> isOf(own, value)));
    } while (fewer);
    return isWrittenInto(own) ? Set.of() : own;
  }

  /** Whether something of a picture is written into a value that is the module's own. */
  private boolean isWrittenInto(Set<String> own) {
    return WRITING
        .matcher(code)
        .results()
        .map(MatchResult::end)
        .filter(end -> text.opens(end - 1))
        .map(end -> text.parts(end, text.closing(end - 1)))
        .anyMatch(
            arguments ->
                isOf(own, arguments.get(0))
                    && !arguments.stream().allMatch(argument -> isOf(own, argument)));
  }

  private static boolean isOf(Set<String> own, String expression) {
    return !METHOD.matcher(expression).find()
        && NAME.matcher(expression)
            .results()
            .map(MatchResult::group)
            .allMatch(name -> OF_NO_PICTURE.contains(name) || own.contains(name));
  }

  /** An even kernel needs one more at one end; two more at each layer move what is there. */
  private static boolean isEven(String paddings) {
    return ENDS.matcher(paddings)
        .results()
        .allMatch(
            ends ->
                Math.abs(Integer.parseInt(ends.group(1)) - Integer.parseInt(ends.group(2))) < 2);
  }

  /** Whether no part is taken, or one of what has channels first only. */
  private static boolean keepsAll(String function, List<String> arguments) {
    int place = CUTTING.get(function);
    // The first dimension is the one that is meant if none is named.
    String dimension = arguments.size() > place ? arguments.get(place) : "0";
    boolean all =
        function.equals("torch.slice")
            && (arguments.size() < 3 || FIRST.contains(arguments.get(2)))
            && (arguments.size() < 4 || LAST.contains(arguments.get(3)));
    return dimension.equals("1") || all;
  }
}
